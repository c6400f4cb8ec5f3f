"""A new model becomes champion on evidence alone, unless a person says otherwise."""

import numpy as np
import pytest

from training.evaluation import Evaluation
from training.promotion import Comparison, compare, decide


def evaluation(low: float, high: float) -> Evaluation:
    return Evaluation(500, 100, {"roc_auc": (low + high) / 2}, {"roc_auc": (low, high)}, ())


def comparison(low: float, leads: int = 400, sqls: int = 80) -> Comparison:
    return Comparison("3", leads, sqls, gain=low + 0.01, low=low, high=low + 0.02)


GOOD = evaluation(0.7, 0.8)


def test_the_first_model_that_ranks_better_than_chance_is_promoted() -> None:
    decision = decide(GOOD, None, forced=None)
    assert (decision.promote, decision.why) == (True, "it is the first model, and it ranks better than chance")


@pytest.mark.parametrize("interval", [(0.45, 0.6), (0.5, 0.7), (float("nan"), float("nan"))])
def test_a_model_that_may_be_pure_chance_is_not_promoted(interval: tuple[float, float]) -> None:
    decision = decide(evaluation(*interval), None, forced=None)
    assert not decision.promote
    assert "nothing shows that it ranks better than chance" in decision.why


@pytest.mark.parametrize("forced", [True, False])
def test_a_person_overrules_the_evidence(forced: bool) -> None:
    decision = decide(evaluation(0.4, 0.6), comparison(low=-0.1), forced)
    assert decision.promote is forced
    assert decision.why.startswith("asked for by --")


def test_a_challenger_that_is_surely_better_is_promoted() -> None:
    assert decide(GOOD, comparison(low=0.001), forced=None).promote


def test_a_challenger_that_may_be_worse_is_not_promoted() -> None:
    decision = decide(GOOD, comparison(low=-0.001), forced=None)
    assert not decision.promote
    assert "not surely better" in decision.why


@pytest.mark.parametrize(("leads", "sqls"), [(99, 50), (400, 9), (0, 0)])
def test_too_few_newer_leads_decide_nothing(leads: int, sqls: int) -> None:
    decision = decide(GOOD, comparison(low=0.1, leads=leads, sqls=sqls), forced=None)
    assert not decision.promote
    assert "too little to compare it with version 3" in decision.why


def test_the_gain_is_the_difference_of_log_losses_with_its_sign() -> None:
    y = np.array([1.0, 0.0, 1.0, 0.0])
    found = compare("1", y, np.array([0.9, 0.1, 0.9, 0.1]), np.full(4, 0.5), seed=0)
    assert found.gain == pytest.approx(np.log(2) + np.log(0.9))
    assert found.low == pytest.approx(found.gain)  # every lead gains the same
    assert (found.leads, found.sqls) == (4, 2)


def test_the_interval_covers_the_true_gain_about_as_often_as_it_says() -> None:
    chance = np.random.default_rng(5)
    covered = 0
    for seed in range(60):
        truth = chance.uniform(0.1, 0.6, 300)
        y = (chance.random(300) < truth).astype(float)
        found = compare("1", y, truth, np.full(300, 0.35), seed)
        expected = float(np.mean(truth * np.log(truth / 0.35) + (1 - truth) * np.log((1 - truth) / 0.65)))
        covered += found.low <= expected <= found.high
    assert covered >= 50


def test_no_leads_in_common_gain_nothing() -> None:
    none = np.zeros(0)
    assert compare("1", none, none, none, seed=0) == Comparison("1", 0, 0, 0.0, 0.0, 0.0)
