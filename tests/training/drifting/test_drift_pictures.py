"""The pictures of drift, and the record that keeps them."""

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from features.errors import DataError
from serving.model.scoring import ScoringModel
from tests.training.drifting.conftest import Draw
from training.drifting.drift import Drift, find_drift
from training.drifting.drift_charts import SHOWN, before_and_now, drift_pictures, overview, save_chart
from training.drifting.drift_record import record_drift
from training.drifting.drift_report import render_drift
from training.records.record import Tracking
from training.records.tracking import open_client


@pytest.fixture(scope="module")
def drift(model: ScoringModel, draw: Draw) -> Drift:
    newest = draw(300, 1)
    return find_drift(model, replace(newest, leads=newest.leads.with_columns(pl.col("attr:employees") * 5)))


def rows_of(chart: Any) -> list[dict[str, Any]]:
    """Give the rows of the chart's largest data set, its bars."""
    sets: list[list[dict[str, Any]]] = list(chart.to_dict()["datasets"].values())
    return max(sets, key=len)


def test_the_overview_names_what_drifted_and_shows_the_largest_first(drift: Drift) -> None:
    picture = overview(drift)
    shown = rows_of(picture)

    assert picture.to_dict()["title"]["text"] == "Drifted: employees"
    assert (shown[0]["title"], shown[0]["severity"]) == ("employees", "error")
    assert [row["index"] for row in shown] == sorted((row["index"] for row in shown), reverse=True)
    assert len(shown) == SHOWN


def test_each_thing_that_drifted_has_a_picture_of_before_and_now(drift: Drift) -> None:
    pictures = drift_pictures(drift)

    assert list(pictures) == ["drift", "01-distribution-employees", "calibration"]
    shares = rows_of(before_and_now(drift.found[0]))
    for leads in ("Learned from", "Newest"):
        assert sum(row["share"] for row in shares if row["leads"] == leads) == pytest.approx(1)


@pytest.mark.parametrize("ending", ["png", "svg", "html", "json"])
def test_the_overview_is_written_as_the_ending_says(drift: Drift, tmp_path: Path, ending: str) -> None:
    save_chart(drift, tmp_path / f"drift.{ending}")

    assert (tmp_path / f"drift.{ending}").stat().st_size > 1_000


def test_another_ending_is_refused_with_those_that_are_possible(drift: Drift, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"'drift.gif' has no ending that a chart can have; use one of .png, .svg"):
        save_chart(drift, tmp_path / "drift.gif")


def test_the_record_keeps_figures_sentences_and_pictures(drift: Drift, tracking: Tracking) -> None:
    run_id = record_drift(tracking, drift, datetime(2026, 8, 1, tzinfo=UTC))
    client = open_client(tracking.uri)
    run = client.get_run(run_id)

    assert run.info.status == "FINISHED"
    assert run.data.tags["severity"] == "error"
    assert run.data.params["version"] == "7"
    assert run.data.metrics["errors"] == 1
    assert run.data.metrics["sqls_expected"] == pytest.approx(drift.matured.expected if drift.matured else None)
    names = {item.path for item in client.list_artifacts(run_id, "pictures")}
    assert {"pictures/drift.png", "pictures/01-distribution-employees.png", "pictures/drift.vl.json"} <= names


def test_people_read_which_leads_what_drifted_and_what_came_true(drift: Drift) -> None:
    said = [str(part) for part in render_drift(drift)]

    assert said[0] == "300 leads newer, against the 2,000 that version 7 learned from (trained 2026-06-01)."
    assert said[1].startswith("Of 300 with a known outcome, ")
    assert said[2].startswith("error: employees: stability index ")
