"""Features of 1,000,000 leads with 20,000,000 events, against one DuckDB query of the same features."""

import statistics
import tempfile
from math import inf
from pathlib import Path

import duckdb
import polars as pl

from benchmarks.feature_query import feature_query
from benchmarks.peak import Peak, alone
from benchmarks.row import Row, Way
from features.catalog import Catalog, build_catalog
from features.compute import feature_table
from features.simulation import simulate
from features.simulation.kinds import KINDS

LEADS, EVENTS_PER_LEAD, TURNS = 1_000_000, 20, 5
LARGEST_PEAK_BYTES = 3 * 10**9


def measure() -> list[Row]:
    """Give the rows: time against DuckDB's, and peak memory."""
    with tempfile.TemporaryDirectory() as folder:
        alone(__name__, "write_tables", folder, LEADS, EVENTS_PER_LEAD)
        events = pl.scan_parquet(Path(folder) / "events.parquet").select(pl.len()).collect().item()
        apart = largest_difference(compute_features(folder), query_features(folder))
        turns = [
            (alone(__name__, "compute_features", folder), alone(__name__, "query_features", folder))
            for _ in range(TURNS)
        ]
    ours, theirs = (_typical([turn[side] for turn in turns]) for side in (0, 1))
    work = f"features of {LEADS:,} leads with {events:,} events"
    note = (
        f"{len(_catalog().features)} features over events, from Parquet files to a table in memory; {TURNS} turns, "
        "ours and DuckDB's by turns, each in a process of its own and on all cores. Features over attributes are left "
        "out of both, and DuckDB need not keep the leads' order. "
    )
    peak = "The largest resident memory of the process in any turn: interpreter, input and answer included."
    return [
        Row(
            work=work,
            unit="seconds",
            ways=(Way("leadsift", ours.seconds), Way("one DuckDB query", theirs.seconds)),
            result=f"{ours.seconds / theirs.seconds:.2f} times the time of DuckDB, equal within {apart:.0e}",
            target="at most 1 times, equal within 1e-9",
            met=ours.seconds <= theirs.seconds and apart <= 1e-9,
            note=f"{note}Medians.",
        ),
        Row(
            work=f"peak memory of the {work}",
            unit="GB",
            ways=(Way("leadsift", ours.peak_bytes / 1e9), Way("one DuckDB query", theirs.peak_bytes / 1e9)),
            result=f"{ours.peak_bytes / 1e9:.2f} GB",
            target="under 3 GB",
            met=ours.peak_bytes < LARGEST_PEAK_BYTES,
            note=note + peak,
        ),
    ]


def write_tables(folder: str, leads: int, events_per_lead: int) -> None:
    """Write the leads and events of a sample company into the folder, as `Tables` has them."""
    company = simulate(leads, events_per_lead, seed=1)
    as_of = pl.col("mql_at").dt.replace_time_zone("UTC")
    company.leads.select("lead_id", as_of=as_of).write_parquet(Path(folder) / "leads.parquet")
    text = pl.col("type").cast(pl.String), pl.col("content_id").cast(pl.String).alias("content")
    company.events.select("lead_id", "occurred_at", *text).write_parquet(Path(folder) / "events.parquet")


def compute_features(folder: str) -> pl.DataFrame:
    """Compute the features our way, a row per lead with its `lead_id`."""
    leads, events = (pl.read_parquet(Path(folder) / f"{name}.parquet") for name in ("leads", "events"))
    return feature_table(leads, events, _catalog()).insert_column(0, leads["lead_id"])


def query_features(folder: str) -> pl.DataFrame:
    """Compute the features by one DuckDB query, in any order."""
    with duckdb.connect(config={"threads": pl.thread_pool_size()}) as connection:
        connection.execute("SET enable_progress_bar = false")
        for name in ("leads", "events"):
            connection.read_parquet(str(Path(folder) / f"{name}.parquet")).create_view(name)
        return pl.DataFrame(connection.sql(feature_query(_catalog())).to_arrow_table())


def largest_difference(ours: pl.DataFrame, theirs: pl.DataFrame) -> float:
    """Give by how much two tables of features differ at most; missing against a number is infinity.

    >>> table = pl.DataFrame({"lead_id": ["a", "b"], "feature": [1.0, None]})
    >>> largest_difference(table, table.reverse())
    0.0
    """
    left, right = (table.sort("lead_id").drop("lead_id").cast(pl.Float64) for table in (ours, theirs))
    return max(_apart(left[name], right[name]) for name in left.columns)


def _apart(left: pl.Series, right: pl.Series) -> float:
    if (left.is_null() != right.is_null()).any():
        return inf
    gaps = (left - right).abs().drop_nulls().to_numpy()
    return float(gaps.max(initial=0.0))


def _catalog() -> Catalog:
    return build_catalog([], [kind.word for kind in KINDS])


def _typical(turns: list[Peak]) -> Peak:
    return Peak(statistics.median(turn.seconds for turn in turns), max(turn.peak_bytes for turn in turns))
