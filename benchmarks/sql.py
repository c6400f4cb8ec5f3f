"""Scores by the exported query on DuckDB, against the model itself, on the same table of features."""

import tempfile
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from benchmarks.row import Row, Way
from benchmarks.sample_model import make_sample_model
from benchmarks.timing import medians
from features.compute import feature_table
from features.config import load_config
from features.sources import read_training_tables
from serving.model.scoring import ScoringModel
from serving.sql.dialect import Dialect
from serving.sql.query import scoring_query

LEADS, RUNS, SEED = 100_000, 3, 7


def measure() -> list[Row]:
    """Give the row: a warehouse that scores its own table."""
    with tempfile.TemporaryDirectory() as folder:
        model = make_sample_model(Path(folder)).model
        features = _features(Path(folder), model)
    query = scoring_query(model, Dialect.DUCKDB, "features")
    with duckdb.connect() as connection:
        connection.register("given", features.with_row_index("lead_id").to_arrow())
        connection.execute("CREATE TABLE features AS SELECT * FROM given")
        found = pl.DataFrame(connection.sql(query).to_arrow_table()).sort("lead_id")
        apart = float(np.abs(found["probability"].to_numpy() - model.score_table(features).probability).max())
        seconds = medians(
            {
                "query": lambda: connection.sql(query).to_arrow_table(),
                "model": lambda: model.score_table(features),
            },
            RUNS,
        )
    ways = (Way("the query, on DuckDB", seconds["query"]), Way("leadsift itself, with all reasons", seconds["model"]))
    return [
        Row(
            work=f"score {LEADS:,} leads in the warehouse, by the exported query",
            unit="seconds",
            ways=ways,
            result=f"{LEADS / seconds['query']:,.0f} leads a second; probabilities equal within {apart:.0e}",
            target="no target",
            met=True,
            note=f"{len(model.trees.trees)} trees, {len(query) / 1e6:.1f} MB of query, which DuckDB parses and plans "
            f"within the time; medians of {RUNS} turns.",
        )
    ]


def _features(folder: Path, model: ScoringModel) -> pl.DataFrame:
    tables = read_training_tables(load_config(folder / "leadsift.toml"))
    features = feature_table(tables.leads, tables.events, model.catalog)
    return features.sample(LEADS, with_replacement=True, seed=SEED)
