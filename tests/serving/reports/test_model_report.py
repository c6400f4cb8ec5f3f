"""The report on the model: what its bundle says of it, and what came of the leads that it scored."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from features.findings import Severity
from features.store import Store
from features.store.drift_reports import DriftReport, keep_drift
from features.store.model_versions import ModelVersion, Status, keep_versions
from serving.model.scoring import ScoringModel
from serving.reports.model.report import ModelReport, model_report
from serving.reports.report import ReportContext
from tests.serving.conftest import SmallModel
from tests.serving.reports.delivered_leads import NOW, RULES, fill, make_leads

TRAINED = datetime(2025, 9, 1, tzinfo=UTC)
TENTHS = [
    {"tenth": 1, "leads": 50, "predicted": 0.4, "observed": 0.3, "low": 0.2, "high": 0.45},
    {"tenth": 2, "leads": 50, "predicted": 0.1, "observed": 0.2, "low": 0.12, "high": 0.33},
]
QUALITY = {
    "leads": 100,
    "positives": 25,
    "roc_auc": 0.71,
    "lift_top_tenth": None,
    "intervals": {"roc_auc": [0.65, 0.78], "lift_top_tenth": [None, None]},
    "tenths": TENTHS,
}
CHANGES = {
    "from": "1",
    "to": "2",
    "leads": 5,
    "fit": {"grades": ["A", "B"], "matrix": [[3, 1], [0, 1]], "changed": 1},
    "engagement": {"grades": ["1", "2"], "matrix": [[4, 0], [0, 1]], "changed": 0},
    "golden": {"before": 3, "after": 2, "enter": 0, "leave": 1},
}
DRIFT = {
    "version": "2",
    "leads": 300,
    "learned": 900,
    "compared": 40,
    "matured": {"leads": 80, "sqls": 20, "expected": 14.5, "expected_interval": [9, 21], "tenths": []},
    "shifts": [
        {
            "kind": "distribution",
            "feature": "sector",
            "title": "sector",
            "measure": 0.4,
            "learned": None,
            "newest": None,
            "p_value": 0.0,
            "severity": "error",
            "detail": "sector moved",
            "shares": [
                {"label": "software", "learned": 0.6, "newest": 0.2},
                {"label": "retail", "learned": 0.3, "newest": 0.5},
                {"label": "health", "learned": 0.1, "newest": 0.3},
            ],
        },
        {
            "kind": "missing",
            "feature": "employees",
            "title": "employees",
            "measure": 0.01,
            "learned": 0.1,
            "newest": 0.11,
            "p_value": 0.5,
            "severity": "info",
            "detail": "nothing",
            "shares": [],
        },
    ],
}


@pytest.fixture
def model(small: SmallModel) -> ScoringModel:
    """Give the small model as version 2, which says how good it is."""
    info = replace(small.model.info, quality=QUALITY)
    return replace(small.model, version="2", info=info)


def made(store: Store, model: ScoringModel | None) -> ModelReport:
    with store.reading() as connection:
        return model_report(ReportContext(connection, NOW, RULES, model=model))


def tell(store: Store) -> None:
    with store.writing() as connection:
        first = ModelVersion("1", TRAINED, Status.PREVIOUS, TRAINED, "ana", "first", {"roc_auc": 0.6})
        second = ModelVersion("2", NOW, Status.CHAMPION, NOW, "ben", "better", QUALITY, CHANGES)
        keep_versions(connection, [first, second])
        keep_drift(connection, DriftReport(NOW, "2", "error", DRIFT))


def test_without_a_model_and_with_nothing_told_there_is_nothing_to_say(store: Store) -> None:
    report = made(store, None)
    assert (report.learned, report.moves, report.drift, report.back_to) == (None, None, None, None)
    assert report.table().rows == []
    assert report.to_json()["model"] is None


def test_what_came_of_the_leads_that_a_version_scored_is_a_plain_recount(store: Store, model: ScoringModel) -> None:
    sample = make_leads(300, seed=5)
    fill(store, sample)
    tell(store)
    report = made(store, replace(model, version="1"))
    judged = [lead for lead in sample if lead.is_judged and lead.probability is not None]
    found = report.record
    assert found.scored == len(judged) > 50
    assert found.scored_sqls == sum(lead.is_sql for lead in judged)
    assert found.expected == pytest.approx(sum(lead.probability or 0 for lead in judged))
    assert [(each.version.version, each.record.scored) for each in report.versions] == [("2", 0), ("1", len(judged))]


def test_quality_is_what_the_bundle_says_and_what_it_cannot_say_is_missing(store: Store, model: ScoringModel) -> None:
    learned = made(store, model).learned
    assert learned is not None
    quality = learned.quality
    assert (quality.leads, quality.sqls, quality.held) == (100, 25, 1)
    assert quality.promised == pytest.approx(25.0)
    assert quality.ranks_above is not None
    assert (quality.ranks_above.value, quality.ranks_above.low, quality.ranks_above.high) == (0.71, 0.65, 0.78)
    assert (quality.top_lift, quality.top_share) == (None, None)


def test_a_row_of_the_table_is_the_evidence_behind_one_value(store: Store, model: ScoringModel) -> None:
    table = made(store, model).table()
    rows: list[dict[str, Any]] = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    at = model.catalog.names.index("sector")
    cell = model.evidence[at].cell("software")
    assert cell is not None
    (row,) = (each for each in rows if (each["feature"], each["value"]) == ("sector", "software"))
    assert (row["leads"], row["sqls"], row["points"]) == (cell.leads, cell.sqls, cell.mean_points)
    assert row["rate_low"] < row["rate"] < row["rate_high"]


def test_the_champions_changes_the_way_back_and_what_drifted_are_found(store: Store, model: ScoringModel) -> None:
    tell(store)
    report = made(store, model)
    moves, drift = report.moves, report.drift
    assert moves is not None
    assert (moves.old, moves.new, moves.fit.changed, moves.leave_golden) == ("1", "2", 1, 1)
    assert moves.fit.rows[0] == ("A", ((3, True), (1, False)))
    assert report.back_to is not None
    assert report.back_to.version == "1"
    assert drift is not None
    assert (drift.severity, drift.compared, drift.matured, drift.sqls) == (Severity.ERROR, 40, 80, 20)
    (shift,) = drift.found
    assert shift.most_changed is not None
    assert shift.most_changed.label == "software"
