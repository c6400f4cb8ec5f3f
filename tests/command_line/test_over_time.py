"""`leadsift backtest` and `leadsift recalibrate` on a real folder: what they print, write and record."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest
from mlflow import MlflowClient

from tests.command_line.conftest import run_command

SHIFTED = timedelta(days=700)  # longer than the sample company's history


@pytest.fixture(scope="module")
def company(trained: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a copy of the trained company whose own registry knows the champion."""
    folder = tmp_path_factory.mktemp("over-time") / "company"
    shutil.copytree(trained, folder)
    return folder


def add_newer_leads(folder: Path, won: float) -> None:
    """Add the oldest leads again, newer than all; the share `won` of those that sales rejected are SQLs this time."""
    moments = {"leads": "mql_at", "events": "occurred_at", "outcomes": "decided_at"}
    oldest = pl.read_parquet(folder / "leads.parquet").sort("mql_at").head(600)["lead_id"]
    for name, moment in moments.items():
        table = pl.read_parquet(folder / f"{name}.parquet")
        again = table.filter(pl.col("lead_id").is_in(oldest.implode())).with_columns(pl.col(moment) + SHIFTED)
        ids = [column for column in ("lead_id", "event_id") if column in table.columns]
        again = again.with_columns(("again " + pl.col(column).cast(pl.String)).alias(column) for column in ids)
        if name == "outcomes":
            turns = (pl.col("lead_id").hash(1) % 100 < round(100 * won)) & (pl.col("outcome") == "Disqualified")
            again = again.with_columns(pl.when(turns).then(pl.lit("Qualified")).otherwise("outcome").alias("outcome"))
        strings = [pl.col(column).cast(pl.String) for column in ids]
        pl.concat([table.with_columns(strings), again.select(table.columns)]).write_parquet(folder / f"{name}.parquet")


def test_a_backtest_is_printed_drawn_and_recorded(company: Path) -> None:
    chart, result = company / "backtest.html", company / "backtest.json"
    said = run_command(
        "backtest", "-c", company / "leadsift.toml", "--every", "300-rows", "--chart", chart, "--json", result
    )
    assert said.code == 0, said.err
    found = json.loads(result.read_text())

    assert "All periods together" in said.out
    assert found["periods"][0]["leads"] == 300
    assert found["pooled"]["leads"] == sum(row["leads"] for row in found["periods"])
    assert found["pooled"]["log_loss"] < found["base_rate"]["log_loss"]
    assert chart.read_text().startswith("<!DOCTYPE html>")
    uri = f"sqlite:///{company / '.leadsift' / 'mlflow.db'}"
    client = MlflowClient(uri, uri)
    run = client.get_run(found["run_id"])
    assert run.data.metrics["log_loss"] == pytest.approx(found["pooled"]["log_loss"])
    assert {each.path for each in client.list_artifacts(found["run_id"])} >= {"backtest.png", "backtest.json"}
    assert len(client.get_metric_history(found["run_id"], "period/log_loss")) == len(found["periods"])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--every", "fortnight"), "'fortnight' is no period; give month, week"),
        (("--every", "month", "--start", "soon"), "'soon' is no start; give a day"),
        (("--every", "month", "--chart", "x.pdf"), "let it end in .png or .html"),
    ],
)
def test_what_cannot_be_backtested_is_said_in_one_line(company: Path, words: tuple[str, ...], said: str) -> None:
    result = run_command("backtest", "-c", company / "leadsift.toml", *words)
    assert result.code == 1
    assert said in result.err


def test_a_champion_is_not_recalibrated_by_leads_it_learned_from(company: Path) -> None:
    said = run_command("recalibrate", "-c", company / "leadsift.toml")
    assert said.code == 1
    assert "too few outcomes to recalibrate version 1 by: 0 leads with a known outcome" in said.err
    assert "try again when more have matured" in said.err


def test_a_recalibration_becomes_a_champion_that_can_be_taken_back(company: Path) -> None:
    add_newer_leads(company, won=0.6)
    config = company / "leadsift.toml"
    said = run_command("recalibrate", "-c", config, "--json", company / "recalibrated.json")
    assert said.code == 0, said.err
    found = json.loads((company / "recalibrated.json").read_text())

    assert (found["version"], found["derived_from"], found["promoted"]) == ("2", "1", True)
    assert found["recalibration"]["shift"] > 0.3
    assert found["model"]["log_loss"] < found["champion"]["log_loss"]
    assert "Version 2, derived from version 1, is now champion: better; log loss gain" in said.out
    ranked = {}
    for version in ("1", "2"):
        out = company / f"scores-{version}.parquet"
        files = ["--leads", company / "leads.parquet", "--events", company / "events.parquet", "-o", out]
        assert run_command("score", "-c", config, *files, "--model", version).code == 0
        ranked[version] = pl.read_parquet(out)
    assert ranked["2"]["probability"].mean() > ranked["1"]["probability"].mean() + 0.03  # type: ignore[operator]
    grades = ["fit_grade", "engagement_grade", "segment"]
    assert ranked["1"].select(grades).equals(ranked["2"].select(grades))
    assert "too few outcomes to recalibrate version 2" in run_command("recalibrate", "-c", config).err
    assert "Version 1 is champion again" in run_command("rollback", "-c", config).out


def test_without_a_champion_there_is_nothing_to_recalibrate(trained: Path, tmp_path: Path) -> None:
    for name in ("leadsift.toml", "leads.parquet", "events.parquet", "outcomes.parquet"):
        shutil.copy(trained / name, tmp_path)
    said = run_command("recalibrate", "-c", tmp_path / "leadsift.toml")
    assert said.code == 1
    assert "there is no champion to recalibrate; make one with: leadsift train" in said.err
