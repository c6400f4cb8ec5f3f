"""A backtest knows at every step what was known then, and nothing of what came later."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from rich.table import Table

from features.config import Config, load_config
from features.errors import DataError
from features.labels import label_leads
from features.simulation import simulate, write_company
from features.sources import read_training_tables
from features.tables import Tables
from training.known_leads import known_leads
from training.measuring.metrics import Floats
from training.over_time.backtest import NEVER, Step, walk
from training.over_time.backtest_chart import backtest_chart, save_chart
from training.over_time.backtest_figures import backtest_json, figures, pool
from training.over_time.backtest_report import render_backtest
from training.over_time.periods import Period, cut_periods


@pytest.fixture(scope="module")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("company")
    write_company(simulate(1_200, 4, seed=5, end=date(2026, 7, 1)), folder)
    config = load_config(folder / "leadsift.toml")
    return config.model_copy(update={"training": config.training.model_copy(update={"seeds": 1})})


@pytest.fixture(scope="module")
def known(config: Config) -> tuple[Tables, Floats]:
    """Give the known leads in order of arrival, and what became of them."""
    tables = read_training_tables(config)
    y = label_leads(tables, config.label.horizon_days).y
    rows = known_leads(tables.leads, y)
    return replace(tables, leads=tables.leads[rows]), y[rows]


@pytest.fixture(scope="module")
def periods(known: tuple[Tables, Floats], config: Config) -> tuple[Period, ...]:
    return cut_periods(known[0].leads["as_of"], "month", 0.4, config.company.zone)


Known = tuple[Tables, Floats]


def walked(known: Known, periods: tuple[Period, ...], config: Config, retrain_every: int = 2) -> tuple[Step, ...]:
    return walk(*known, periods, retrain_every=retrain_every, config=config, progress=lambda *_: None)


@pytest.fixture(scope="module")
def steps(known: Known, periods: tuple[Period, ...], config: Config) -> tuple[Step, ...]:
    return walked(known, periods, config)


def test_every_lead_of_the_periods_is_scored_once(steps: tuple[Step, ...], known: Known) -> None:
    y = np.concatenate([step.y for step in steps])

    assert y.tolist() == known[1][-len(y) :].tolist()
    assert sum(len(step.p) for step in steps) == len(y)


def test_only_outcomes_known_by_then_are_learned_from(steps: tuple[Step, ...], known: Known, config: Config) -> None:
    as_of = known[0].leads["as_of"]
    for step in steps[::2]:
        assert step.period.begins is not None
        old_enough = as_of + timedelta(days=config.label.horizon_days) <= step.period.begins
        assert 0 < step.learned_from <= old_enough.sum()
    learned = [step.learned_from for step in steps]
    assert learned[1::2] == learned[: len(learned[1::2]) * 2 : 2]  # retrained every second period


def test_recalibration_begins_when_the_first_scored_leads_have_matured(steps: tuple[Step, ...]) -> None:
    evidence = [step.recalibration.leads for step in steps]

    assert evidence[:3] == [0, 0, 0]
    assert evidence == sorted(evidence)
    assert 0 < evidence[-1] < sum(len(step.y) for step in steps[:-2])


def test_outcomes_of_later_leads_change_nothing_before(
    steps: tuple[Step, ...], known: Known, periods: tuple[Period, ...], config: Config
) -> None:
    tables, y = known
    assert tables.outcomes is not None
    turn = periods[2].begins
    turned = pl.when(pl.col("decided_at") > turn).then(pl.lit("sql")).otherwise("outcome").alias("outcome")
    later = replace(tables, outcomes=tables.outcomes.with_columns(turned))
    again = walked((later, np.where(np.arange(len(y)) >= periods[2].start, 1 - y, y)), periods[:3], config)

    for before, after in zip(steps[:3], again, strict=True):
        np.testing.assert_array_equal(before.p, after.p)


def test_a_model_that_is_never_retrained_has_learned_from_the_first_leads_alone(
    known: Known, periods: tuple[Period, ...], config: Config
) -> None:
    found = walked(known, periods, config, NEVER)

    assert len({step.learned_from for step in found}) == 1
    assert found[-1].recalibration.leads > 0


def test_a_period_before_both_outcomes_are_known_is_refused_by_name(known: Known, config: Config) -> None:
    early = cut_periods(known[0].leads["as_of"], "month", 0.01, config.company.zone)

    with pytest.raises(DataError, match=r"period 20\d\d-\d\d begins too early: .* --start"):
        walked(known, early, config)


def test_pooled_figures_are_those_of_all_leads_together(steps: tuple[Step, ...]) -> None:
    y, p = (np.concatenate([getattr(step, name) for step in steps]) for name in ("y", "p"))
    pooled = pool(steps)

    assert pooled.scored.log_loss == pytest.approx(-np.mean(np.log(np.where(y == 1, p, 1 - p))))
    assert (pooled.scored.predicted, pooled.scored.observed) == pytest.approx((p.mean(), y.mean()))
    assert pooled.last_half.leads == sum(len(step.y) for step in steps[len(steps) // 2 :])
    assert pooled.scored.log_loss < pooled.base_rate.log_loss


def test_a_period_of_one_outcome_has_no_auc() -> None:
    found = figures(np.zeros(3), np.array([0.1, 0.2, 0.3]))

    assert found.to_json()["roc_auc"] is None
    assert (found.sqls, found.observed) == (0, 0)
    assert found.low == pytest.approx(0, abs=1e-12)


def test_the_report_has_a_row_per_period(steps: tuple[Step, ...]) -> None:
    value = backtest_json(steps)
    table, pooled = render_backtest(steps)

    assert [row["period"] for row in value["periods"]] == [step.period.name for step in steps]
    assert isinstance(table, Table)
    assert isinstance(pooled, Table)
    assert (table.row_count, pooled.row_count) == (len(steps), 4)


def test_the_picture_shows_promise_and_truth_of_every_period(steps: tuple[Step, ...], tmp_path: Path) -> None:
    chart = backtest_chart(steps)
    (values,) = chart.to_dict()["datasets"].values()

    assert len(values) == 3 * len(steps)
    assert all(row["low"] <= row["rate"] <= row["high"] for row in values if row["what"] == "Came true")
    save_chart(chart, tmp_path / "backtest.png")
    assert (tmp_path / "backtest.png").read_bytes().startswith(b"\x89PNG")
    with pytest.raises(DataError, match=r"is no picture's name; let it end in \.png or \.html"):
        save_chart(chart, tmp_path / "backtest.pdf")
