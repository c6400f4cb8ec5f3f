"""A new model becomes champion on evidence alone, unless a person says otherwise."""

import numpy as np
import pytest

from training.champion.promotion import Age, Comparison, compare, decide, decide_replacing
from training.measuring.evaluation import Evaluation


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


def old(days: float) -> Age:
    return Age(days, limit=90)


def nearly_equal(version: str = "3", low: float = -0.004) -> Comparison:
    return Comparison(version, 400, 80, gain=0.0, low=low, high=0.004, margin=0.005)


def test_a_challenger_that_is_not_worse_takes_the_place_of_an_old_champion_only() -> None:
    refreshed = decide(GOOD, nearly_equal(), None, age=old(91.4))
    assert refreshed.promote
    assert refreshed.why.startswith(
        "not worse by more than 0.0050, and version 3 is 91 days old, more than 90; log loss"
    )
    assert not decide(GOOD, nearly_equal(), None, age=old(90)).promote
    assert not decide(GOOD, nearly_equal(low=-0.0051), None, age=old(500)).promote


def test_a_challenger_that_may_be_worse_than_the_best_so_far_is_not_promoted_however_it_beats_the_champion() -> None:
    better = comparison(low=0.001)
    decision = decide(GOOD, better, None, best=nearly_equal("2", low=-0.006))
    assert not decision.promote
    assert decision.why.startswith(
        "it may be worse than version 2, the best so far, by more than 0.0050; log loss gain"
    )
    assert decide(GOOD, better, None, best=nearly_equal("2")).promote


def test_a_best_version_that_cannot_be_compared_does_not_stand_in_the_way() -> None:
    few = Comparison("2", 99, 80, gain=-1.0, low=-1.0, high=-1.0)
    assert decide(GOOD, comparison(low=0.001), None, best=few).promote


def test_many_steps_that_are_each_not_worse_do_not_lead_down() -> None:
    losses, best, champion = [0.400 + 0.004 * step for step in range(6)], 0, 0
    for step in range(1, 6):
        against = {
            version: Comparison(str(version), 400, 80, gain, gain - 0.0005, gain + 0.0005, margin=0.005)
            for version in (best, champion)
            for gain in [losses[version] - losses[step]]
        }
        if decide(GOOD, against[champion], None, best=against[best], age=old(100)).promote:
            champion = step
    assert champion == 1


def test_the_margin_is_a_twentieth_of_what_the_champion_gains_over_the_base_rate_and_never_below_0() -> None:
    y = np.array([1.0, 0.0, 0.0, 0.0] * 50)
    champion = np.where(y == 1, 0.5, 0.1)
    base_rate = -(0.25 * np.log(0.25) + 0.75 * np.log(0.75))
    loss = -(0.25 * np.log(0.5) + 0.75 * np.log(0.9))
    assert compare("1", y, champion, champion, seed=0).margin == pytest.approx(0.05 * (base_rate - loss))
    assert compare("1", y, champion, 1 - champion, seed=0).margin == 0.0


def test_the_same_model_fitted_again_is_not_better_for_the_last_bits_of_its_numbers() -> None:
    chance = np.random.default_rng(1)
    p = chance.uniform(0.1, 0.6, 300)
    y = (chance.random(300) < p).astype(float)
    found = compare("1", y, p, np.where(y == 1, p - 1e-12, p + 1e-12), seed=0)
    assert found.low > 0
    assert not found.is_better
    assert found.is_not_worse


@pytest.mark.parametrize(("interval", "promoted"), [((0.7, 0.8), True), ((0.45, 0.6), False)])
def test_a_champion_that_cannot_be_read_gives_way_to_a_model_that_is_no_chance(
    interval: tuple[float, float], promoted: bool
) -> None:
    decision = decide_replacing("3", evaluation(*interval), None)
    assert decision.promote is promoted
    assert ("version 3 cannot be read any more" in decision.why) is promoted


@pytest.mark.parametrize("forced", [True, False])
def test_a_person_overrules_also_where_the_champion_cannot_be_read(forced: bool) -> None:
    assert decide_replacing("3", evaluation(0.7, 0.8), forced).promote is forced
