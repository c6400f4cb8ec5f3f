"""The parts are weighed by what they did on newer leads, each fold at its own level."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.optimize import approx_fprime, minimize_scalar
from scipy.special import expit
from sklearn.metrics import log_loss as oracle

from training.fitting.blend import (
    EQUAL,
    FoldMargins,
    _loss,
    best_level,
    fit_blend,
    gain_over_base,
    log_loss,
    loss_at_best_level,
)
from training.measuring.metrics import Floats

MANY = 1e9  # SQLs, so that nothing is held back for their fewness


def fold(seed: int, n: int = 3_000, linear: float = 1.0, trees: float = 1.0, level: float = 0.0) -> FoldMargins:
    """Give a fold whose true log-odds are `linear` and `trees` times those of the parts, plus `level`."""
    chance = np.random.default_rng(seed)
    a, b = chance.normal(size=(2, n))
    return FoldMargins(a, b, drawn(chance, linear * a + trees * b + level))


def drawn(chance: np.random.Generator, margin: Floats) -> Floats:
    y: Floats = (chance.random(len(margin)) < expit(margin)).astype(np.float64)
    return y


def test_the_part_that_knows_more_weighs_more() -> None:
    blend = fit_blend([fold(seed, linear=0.9, trees=0.1) for seed in range(4)], 0.0, MANY)

    assert blend.linear_weight > 0.5 > blend.trees_weight > 0


def test_a_part_that_misleads_weighs_nothing_and_never_less() -> None:
    blend = fit_blend([fold(seed, linear=1.0, trees=-0.5) for seed in range(4)], 0.0, MANY)

    assert blend.trees_weight == 0


def test_levels_differ_by_fold_without_bending_the_weights_and_their_mean_is_shipped() -> None:
    levels = (0, 1, 2, 3)
    still = fit_blend([fold(seed, linear=0.5, trees=0.5) for seed in range(4)], 0.0, MANY)
    moving = fit_blend([fold(seed, linear=0.5, trees=0.5, level=level) for seed, level in enumerate(levels)], 0.0, MANY)

    assert still.intercept == pytest.approx(0, abs=0.1)
    assert moving.intercept == pytest.approx(1.5, abs=0.1)
    assert moving.linear_weight == pytest.approx(still.linear_weight, abs=0.1)


def test_a_level_that_rests_on_few_leads_is_shipped_in_part() -> None:
    few, many = (fit_blend([fold(seed, n, 0.5, 0.5, level=1.5) for seed in range(4)], 0.0, MANY) for n in (20, 3_000))

    assert 0.1 < few.intercept < 1.0
    assert many.intercept == pytest.approx(1.5, abs=0.1)


def test_parts_that_lose_to_the_base_rate_leave_the_base_rate_alone() -> None:
    blend = fit_blend([fold(seed, 200, linear=-0.3, trees=-0.3) for seed in range(4)], base=-1.2, rarer=50)

    assert (blend.linear_weight, blend.trees_weight) == (0, 0)
    assert blend.intercept == pytest.approx(-1.2, abs=0.3)


def test_parts_without_any_signal_get_little_weight() -> None:
    blend = fit_blend([fold(seed, 200, linear=0.0, trees=0.0) for seed in range(4)], base=-1.2, rarer=50)

    assert blend.linear_weight + blend.trees_weight < EQUAL


def test_fewer_outcomes_of_the_rarer_kind_mean_less_weight_around_the_base_rate() -> None:
    folds = [fold(seed) for seed in range(4)]
    blends = [fit_blend(folds, base=-2.0, rarer=rarer) for rarer in (5, 50, MANY)]
    linear = [blend.linear_weight for blend in blends]

    assert linear == pytest.approx([linear[2] / 2, linear[2] / 1.1, linear[2]])
    level = [blend.intercept - (1 - blend.linear_weight - blend.trees_weight) * -2.0 for blend in blends]
    assert level == pytest.approx([level[0]] * 3)


def test_the_gain_over_the_base_rate_does_not_depend_on_the_level() -> None:
    folds = [fold(seed) for seed in range(2)]
    shifted = [replace(each, linear=each.linear + 3, trees=each.trees + 3, base=3.0) for each in folds]

    assert gain_over_base(folds, 0.5, 0.5) == pytest.approx(gain_over_base(shifted, 0.5, 0.5))
    assert gain_over_base(folds, 0.5, 0.5) > 0 == gain_over_base(folds, 0, 0)


def test_the_gradient_is_that_of_the_loss() -> None:
    folds = [replace(fold(1, 50), base=-1.0), fold(2, 80)]
    at = np.array([0.3, 0.9, -0.2, 0.4])
    numerical = approx_fprime(at, lambda parameters: _loss(parameters, folds)[0], 1e-6)

    assert _loss(at, folds)[1] == pytest.approx(numerical, abs=1e-5)


def test_the_log_loss_of_log_odds_is_that_of_their_probabilities() -> None:
    each = fold(3)

    assert log_loss(each.y, each.linear) == pytest.approx(oracle(each.y, expit(each.linear)))


@pytest.mark.parametrize("level", [-9.0, 0.0, 2.5])
def test_the_best_level_is_the_one_that_a_search_finds(level: float) -> None:
    each = fold(4, linear=1.0, trees=0.0, level=0.7)
    margin = each.linear + level
    searched = minimize_scalar(lambda shift: log_loss(each.y, margin + shift), bounds=(-20, 20), method="bounded")

    assert best_level(each.y, margin) == pytest.approx(searched.x, abs=1e-3)
    assert loss_at_best_level(each.y, margin) == pytest.approx(searched.fun)


def test_the_best_level_is_found_for_margins_far_from_it() -> None:
    y = np.array([1.0, 0.0] * 50)

    assert best_level(y, np.full(100, 40.0)) == pytest.approx(-40.0)
