"""Training end to end: what it gives, in which order, and that nothing later than its moment enters."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features.config import Config, load_config
from features.errors import DataError
from features.findings import Severity
from features.labels import Labels, label_leads
from features.simulation import simulate, write_company
from features.sources import read_training_tables
from features.tables import Tables
from training.evaluation import evaluate
from training.metrics import Ranked, measure
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


def test_leads_of_one_outcome_stop_training(tables: Tables, labels: Labels, config: Config) -> None:
    lost = labels.fate.replace("sql", "not_sql")
    y = np.where(np.isnan(labels.y), np.nan, 0.0)

    with pytest.raises(DataError, match="the label has one class"):
        train(tables, replace(labels, y=y, fate=lost), config, lambda *_: None)
