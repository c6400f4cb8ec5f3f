"""`leadsift drift` and `leadsift retrain --if-needed` on a company that was trained a moment ago."""

import json
from pathlib import Path

import polars as pl
import pytest

from tests.command_line.conftest import run_command


@pytest.fixture
def config(trained: Path) -> Path:
    return trained / "leadsift.toml"


def test_drift_compares_the_leads_that_were_too_young_to_learn_from(config: Path, tmp_path: Path) -> None:
    said = run_command("drift", "-c", config, "--chart", tmp_path / "drift.png", "--json", tmp_path / "drift.json")
    found = json.loads((tmp_path / "drift.json").read_text())
    label = json.loads((config.parent / "train.json").read_text())["label"]

    assert said.code == 0, said.err
    assert found["version"] == "1"
    assert found["learned"] == label["known"]
    assert found["leads"] >= label["young"] > 0
    assert f"{found['leads']:,} leads newer than all it learned from" in said.out
    assert (tmp_path / "drift.png").read_bytes().startswith(b"\x89PNG")


def test_drift_finds_what_was_planted_into_a_file_of_leads(config: Path, tmp_path: Path) -> None:
    leads = pl.read_parquet(config.parent / "leads.parquet").tail(400)
    leads.with_columns(pl.lit("Moon").alias("country")).write_parquet(tmp_path / "new.parquet")
    events = ["--events", config.parent / "events.parquet"]
    said = run_command("drift", "-c", config, "--leads", tmp_path / "new.parquet", *events, "--json", "-")
    shifts = json.loads(said.out)["shifts"]

    assert said.code == 0, said.err
    level = next(shift for shift in shifts if shift["kind"] == "level" and shift["feature"] == "country")
    assert level["severity"] == "error"
    assert level["detail"].startswith("country: 'Moon' is on 100.0% of the newest leads")


def test_drift_since_a_day_says_the_day(config: Path) -> None:
    said = run_command("drift", "-c", config, "--since", "2026-05-01")

    assert said.code == 0, said.err
    assert " leads handed over since 2026-05-01, against the " in said.out


def test_what_contradicts_itself_is_said_all_at_once(config: Path, tmp_path: Path) -> None:
    asked = ["--since", "2026-01-01", "--leads", tmp_path / "none.csv"]

    said = run_command("drift", "-c", config, *asked)
    assert said.code == 1
    assert "--since chooses from the config's leads, not from --leads; leave one of them out" in said.err
    said = run_command("drift", "-c", config, "--events", tmp_path / "none.csv")
    assert "--events says what the leads of --leads did; give --leads as well" in said.err


def test_retrain_if_needed_says_why_it_does_nothing(config: Path) -> None:
    said = run_command("retrain", "--if-needed", "-c", config, "--json", "-")
    done = json.loads(said.out)

    assert said.code == 0, said.err
    assert done["retrained"] is False
    assert "0 more outcomes are known, 0 of them SQLs since version 1 was trained" in done["why"]
    assert done["training"] is None
    assert done["drift"]["version"] == "1"
