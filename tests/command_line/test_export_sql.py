"""The exported query, as a user gets it: run on a table of features, it gives what the model gives."""

from pathlib import Path

import duckdb
import numpy as np
import pytest

from features.compute import feature_table
from features.config import load_config
from features.sources import read_training_tables
from tests.command_line.conftest import run_command
from training.records.scoring_model import registered_model


@pytest.fixture
def config(trained: Path) -> Path:
    return trained / "leadsift.toml"


def test_the_query_scores_a_table_of_features_as_the_champion_does(config: Path, tmp_path: Path) -> None:
    settings = load_config(config)
    model, tables = registered_model(settings, "champion"), read_training_tables(settings)
    features = feature_table(tables.leads, tables.events, model.catalog)
    features.with_columns(tables.leads["lead_id"]).write_parquet(tmp_path / "features.parquet")
    said = run_command(
        "export-sql", "-c", config, "--table", f"'{tmp_path / 'features.parquet'}'", "-o", tmp_path / "score.sql"
    )
    assert said.code == 0, said.err
    with duckdb.connect() as connection:
        rows = connection.execute((tmp_path / "score.sql").read_text(encoding="utf-8")).fetchall()
    found = {row[0]: row[1] for row in rows}
    expected = model.score_table(features).probability
    np.testing.assert_allclose([found[each] for each in tables.leads["lead_id"]], expected, rtol=0, atol=1e-9)


def test_without_a_file_the_query_is_printed_with_the_columns_it_needs(config: Path) -> None:
    said = run_command("export-sql", "-c", config, "--dialect", "spark", "--table", "shop.features")
    assert said.code == 0, said.err
    assert said.out.startswith("-- Scores of leadsift, model version 1 of ")
    assert "-- `lead_id`: the lead's id" in said.out
    assert said.out.endswith(" FROM scored;\n")


def test_a_table_that_cannot_be_is_said_in_one_line(config: Path, tmp_path: Path) -> None:
    out = tmp_path / "score.sql"
    out.write_text("before", encoding="utf-8")
    said = run_command("export-sql", "-c", config, "--table", "my leads", "-o", out)
    assert (said.code, out.read_text(encoding="utf-8")) == (1, "before")
    assert "'my leads' is not the name of a table" in said.err


def test_a_file_that_cannot_be_written_is_said_in_one_line(config: Path, tmp_path: Path) -> None:
    said = run_command("export-sql", "-c", config, "-o", tmp_path / "none" / "score.sql")
    assert said.code == 1
    assert "cannot be written (No such file or directory); give another file to -o" in said.err
