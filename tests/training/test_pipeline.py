"""Training end to end: what it gives, in which order, and that nothing later than its moment enters."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features.config import Config, Priors, load_config
from features.errors import DataError
from features.findings import Severity
from features.labels import Labels, label_leads
from features.simulation import simulate, write_company
from features.sources import read_training_tables
from features.tables import Tables
from training.measuring.evaluation import evaluate
from training.measuring.metrics import Ranked, measure
from training.pipeline import BASELINES, MODEL, Trained, catalog_of, train

LEADS = 1_500
Reported = list[tuple[str, float]]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    write_company(simulate(LEADS, 6, seed=3, end=date(2026, 7, 1)), folder)
    return folder


@pytest.fixture(scope="module")
def config(folder: Path) -> Config:
    return load_config(folder / "leadsift.toml")


@pytest.fixture(scope="module")
def tables(config: Config) -> Tables:
    return read_training_tables(config)


@pytest.fixture(scope="module")
def labels(tables: Tables, config: Config) -> Labels:
    return label_leads(tables, config.label.horizon_days)


@pytest.fixture(scope="module")
def reported() -> Reported:
    return []


@pytest.fixture(scope="module")
def trained(tables: Tables, labels: Labels, config: Config, reported: Reported) -> Trained:
    return train(tables, labels, config, lambda stage, share: reported.append((stage, share)))


def test_every_known_lead_is_learned_from_oldest_first(trained: Trained, tables: Tables, labels: Labels) -> None:
    known = ~np.isnan(labels.y)
    order = np.argsort(tables.leads["arrival"].to_numpy()[known], kind="stable")

    assert trained.y.tolist() == labels.y[known][order].tolist()
    assert trained.features.height == len(trained.y)
    assert trained.features.columns == list(trained.catalog.names)


def test_the_holdout_is_the_newest_leads_and_nothing_else(trained: Trained, tables: Tables, labels: Labels) -> None:
    newest = tables.leads["arrival"][trained.holdout_rows].to_numpy()
    older = np.setdiff1d(np.flatnonzero(~np.isnan(labels.y)), trained.holdout_rows)

    assert len(trained.holdout_rows) == trained.holdout.leads == round(0.3 * len(trained.y))
    assert (np.diff(newest) >= 0).all()
    assert tables.leads["arrival"].to_numpy()[older].max() < newest.min()
    assert trained.holdout_y.tolist() == labels.y[trained.holdout_rows].tolist()


def test_model_and_baselines_are_evaluated_on_the_same_leads(trained: Trained, config: Config) -> None:
    probabilities = {MODEL: trained.holdout_probabilities} | trained.baseline_probabilities
    again = evaluate(trained.holdout_y, probabilities, config.training.random_state)

    assert again[MODEL] == trained.holdout
    assert {name: again[name] for name in BASELINES} == trained.baselines


def test_the_model_beats_the_base_rate(trained: Trained) -> None:
    assert trained.holdout.metrics["log_loss"] < trained.baselines["base_rate"].metrics["log_loss"]
    assert trained.holdout.intervals["roc_auc"][0] > 0.5


def test_what_is_shipped_has_learned_from_the_newest_leads_too(trained: Trained) -> None:
    shipped = trained.fitted.probabilities(trained.features)[-trained.holdout.leads :]

    loss = float(measure(Ranked(trained.holdout_y, shipped))["log_loss"][0])
    assert loss < trained.holdout.metrics["log_loss"]


def test_outcomes_of_the_holdout_change_nothing_that_predicts_it(
    trained: Trained, tables: Tables, labels: Labels, config: Config
) -> None:
    turned = labels.y.copy()
    turned[trained.holdout_rows] = 1 - turned[trained.holdout_rows]
    again = train(tables, replace(labels, y=turned), config, lambda *_: None)

    assert again.holdout_probabilities.tolist() == trained.holdout_probabilities.tolist()
    assert again.holdout.metrics["roc_auc"] == pytest.approx(1 - trained.holdout.metrics["roc_auc"])


def test_event_types_that_only_newer_leads_have_shape_no_features(tables: Tables, trained: Trained) -> None:
    newest = tables.leads[trained.holdout_rows]
    webinar = newest.select("lead_id", occurred_at="as_of", type=pl.lit("new thing"), content=pl.lit(None, pl.String))
    events = pl.concat([tables.events, webinar])
    older = tables.leads.filter(~pl.col("lead_id").is_in(newest["lead_id"].to_list()))

    assert "new thing" in catalog_of(newest, replace(tables, events=events)).event_types
    assert "new thing" not in catalog_of(older, replace(tables, events=events)).event_types


def test_progress_goes_up_and_each_stage_is_timed(trained: Trained, reported: Reported) -> None:
    stages, shares = zip(*reported, strict=True)

    assert list(shares) == sorted(shares)
    assert (shares[0], shares[-1]) == (0.0, 1.0)
    assert list(trained.timings) == list(stages[:-1])
    assert all(seconds >= 0 for seconds in trained.timings.values())


def test_the_label_and_all_findings_are_passed_on(trained: Trained, tables: Tables, labels: Labels) -> None:
    assert trained.label_summary == labels.summary
    assert set(tables.notes) <= set(trained.findings)
    assert all(finding.severity is not Severity.ERROR for finding in trained.findings)


def leaking(tables: Tables, labels: Labels) -> Tables:
    employees = pl.Series("attr:employees", np.nan_to_num(labels.y))
    return replace(tables, leads=tables.leads.with_columns(employees))


def test_a_column_that_knows_the_outcome_stops_training_by_name(tables: Tables, labels: Labels, config: Config) -> None:
    with pytest.raises(DataError, match="column 'employees': alone tells SQLs"):
        train(leaking(tables, labels), labels, config, lambda *_: None)


def known_alone(labels: Labels, sqls: int, others: int) -> Labels:
    """Give labels of which only the first so many of each outcome are known."""
    y = np.full(len(labels.y), np.nan)
    for outcome, count in ((1.0, sqls), (0.0, others)):
        rows = np.flatnonzero(labels.y == outcome)[:count]
        y[rows] = outcome
    fate = pl.Series(np.where(np.isnan(y), "unworked", np.where(y == 1, "sql", "not_sql")))
    return replace(labels, y=y, fate=fate)


@pytest.mark.parametrize(("sqls", "others"), [(0, 0), (0, 1), (1, 0), (0, 40), (40, 0), (3, 9), (9, 700)])
def test_too_few_outcomes_make_a_model_of_one_rate_that_says_so(
    tables: Tables, labels: Labels, config: Config, sqls: int, others: int
) -> None:
    found = train(tables, known_alone(labels, sqls, others), config, lambda *_: None)

    assert found.belief is not None
    assert (found.belief.sqls, found.belief.leads) == (sqls, sqls + others)
    assert found.belief.low < found.belief.rate < found.belief.high
    p = found.fitted.probabilities(found.features)
    assert p == pytest.approx(np.full(tables.leads.height, found.belief.rate))
    assert found.findings[0].detail.startswith(f"not enough evidence: {sqls} SQLs and {others} others are known")
    assert found.holdout.leads == len(found.holdout_rows) <= sqls + others


@pytest.mark.parametrize("sqls", [20, 60])
def test_few_outcomes_are_learned_from_with_wide_intervals(
    tables: Tables, labels: Labels, config: Config, sqls: int
) -> None:
    found = train(tables, known_alone(labels, sqls, 4 * sqls), config, lambda *_: None)

    assert found.belief is None
    low, high = found.holdout.intervals["roc_auc"]
    assert found.fitted.choices["beats_base_rate"] == bool(found.fitted.blend.linear_weight)
    assert np.isnan(low) or high - low > 0.1 or not found.fitted.choices["beats_base_rate"]


def test_declared_points_that_name_no_feature_stop_training_without_evidence(
    tables: Tables, labels: Labels, config: Config
) -> None:
    wrong = config.model_copy(update={"priors": Priors(points={"sectr=software": 10.0})})

    with pytest.raises(DataError, match=r"'sectr' .*is no feature; did you mean 'sector'"):
        train(tables, known_alone(labels, 0, 0), wrong, lambda *_: None)
