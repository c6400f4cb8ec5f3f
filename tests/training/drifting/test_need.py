"""When to train again, and the sentence that says why."""

from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from features.config import Training
from serving.model.scoring import ScoringModel
from tests.training.drifting.conftest import LEARNED, TRAINED_AT, Draw
from training.drifting.drift import Drift, find_drift
from training.drifting.newest_leads import NewestLeads
from training.drifting.retrain import NewOutcomes, Retraining, decide_need, new_outcomes, render_retraining

SOON = TRAINED_AT + timedelta(days=10)
FEW, SOME, MANY = NewOutcomes(99, 20), NewOutcomes(150, 30), NewOutcomes(LEARNED // 5, 60)


@pytest.fixture(scope="module")
def calm(model: ScoringModel, draw: Draw) -> Drift:
    return find_drift(model, draw(300, 1))


@pytest.fixture(scope="module")
def drifted(model: ScoringModel, draw: Draw) -> Drift:
    newest = draw(300, 1)
    leads = newest.leads.with_columns(pl.col("attr:employees") * 5)
    return find_drift(model, NewestLeads(leads, newest.events, newest.y, "newer"))


def test_nothing_needs_it_while_nothing_drifted_and_little_is_new(model: ScoringModel, calm: Drift) -> None:
    need = decide_need(Training(), model, calm, SOME, SOON)

    assert not need.train
    assert need.why == (
        "nothing needs it: no grave drift, and 150 more outcomes are known, 30 of them SQLs since version 7 was trained"
    )
    assert list(render_retraining(Retraining(need, None))) == [f"Not trained: {need.why}."]


def test_grave_drift_needs_it_and_is_named(model: ScoringModel, drifted: Drift) -> None:
    need = decide_need(Training(), model, drifted, SOME, SOON)

    assert need.train
    assert need.why == "gravely drifted: employees; 150 more outcomes are known, 30 of them SQLs"


@pytest.mark.parametrize("new", [FEW, NewOutcomes(5_000, 9)])
def test_drift_waits_for_outcomes_that_can_show_another_model_to_be_better(
    model: ScoringModel, drifted: Drift, new: NewOutcomes
) -> None:
    need = decide_need(Training(retrain_after_leads=10_000), model, drifted, new, SOON)

    assert not need.train
    assert "fewer than 100 with 10 SQLs cannot show that another model is better" in need.why


def test_a_fifth_more_outcomes_are_enough(model: ScoringModel, calm: Drift) -> None:
    assert decide_need(Training(), model, calm, MANY, SOON).train
    assert not decide_need(Training(), model, calm, NewOutcomes(MANY.leads - 1, 60), SOON).train


def test_the_config_says_how_many_outcomes_are_enough(model: ScoringModel, calm: Drift) -> None:
    need = decide_need(Training(retrain_after_leads=99), model, calm, FEW, SOON)

    assert need.train
    assert need.why.endswith("since version 7, which learned from 2,000; 99 are enough")


def test_an_old_model_needs_it(model: ScoringModel, calm: Drift) -> None:
    training = Training(champion_max_age_days=30)
    need = decide_need(training, model, calm, FEW, TRAINED_AT + timedelta(days=31))

    assert need.train
    assert need.why == "the last training was 31 days ago, more than 30"
    assert not decide_need(training, model, calm, FEW, TRAINED_AT + timedelta(days=30)).train


def test_new_are_outcomes_of_leads_that_came_after_all_that_was_seen(model: ScoringModel) -> None:
    y = np.array([1.0, 0.0, np.nan, 1.0, 1.0, 0.0])

    assert new_outcomes(y, np.arange(6) >= 2, model) == NewOutcomes(3, 2)


def test_more_outcomes_than_the_training_had_are_new_though_a_recalibration_saw_them(model: ScoringModel) -> None:
    sqls = model.info.training["sql"]
    y = np.append(np.ones(sqls + 30), np.zeros(LEARNED - sqls + 20))

    assert new_outcomes(y, np.zeros(len(y), dtype=bool), model) == NewOutcomes(50, 30)
