"""The newest outcomes move the level of predictions as far as they are evidence, and no further."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from training.fitting.blend import log_loss
from training.measuring.metrics import Floats
from training.over_time.recalibration import HALF_LIFE, NO_CHANGE, SCALE_SPREAD, SHIFT_SPREAD, fit_recalibration


def leads(n: int, shift: float = 0.0, scale: float = 1.0, seed: int = 0) -> tuple[Floats, Floats]:
    """Give log-odds as predicted, and outcomes drawn at the shifted and scaled ones."""
    chance = np.random.default_rng(seed)
    predicted = chance.normal(-1.5, 1.0, n)
    return predicted, (chance.random(n) < expit(-1.5 + shift + scale * (predicted + 1.5))).astype(float)


def test_it_is_the_minimum_of_the_penalised_loss_that_a_general_optimiser_finds() -> None:
    log_odds, y = leads(400, shift=0.7, scale=0.6)
    found = fit_recalibration(log_odds, y)
    weights = 0.5 ** (np.arange(400)[::-1] / HALF_LIFE)
    centre = np.average(log_odds, weights=weights)

    def loss(at: Floats) -> float:
        margin = centre + at[0] + at[1] * (log_odds - centre)
        prior = (at[0] / SHIFT_SPREAD) ** 2 / 2 + ((at[1] - 1) / SCALE_SPREAD) ** 2 / 2
        return float(weights @ (np.logaddexp(0, margin) - y * margin) + prior)

    expected = minimize(loss, np.array([0.0, 1.0]), method="Nelder-Mead", options={"xatol": 1e-8, "fatol": 1e-12}).x
    assert (found.centre, found.shift, found.scale) == pytest.approx((centre, *expected), abs=1e-5)
    assert (found.leads, found.sqls) == (400, int(y.sum()))


def test_many_outcomes_bring_predictions_to_what_is_observed() -> None:
    log_odds, y = leads(3_000, shift=1.0)
    later, later_y = leads(3_000, shift=1.0, seed=1)
    moved = fit_recalibration(log_odds, y).apply(later)

    assert expit(later).mean() < later_y.mean() - 0.1
    assert expit(moved).mean() == pytest.approx(later_y.mean(), abs=0.03)
    assert log_loss(later_y, moved) < log_loss(later_y, later) - 0.05


def test_few_outcomes_move_little_and_more_move_more() -> None:
    shifts = [fit_recalibration(np.full(n, -2.0), np.ones(n)).shift for n in (1, 4, 20, 200)]

    assert shifts == sorted(shifts)
    assert 0 < shifts[0] < 0.8
    assert shifts[-1] < 6  # even where every lead became an SQL


def test_where_nothing_moved_it_costs_next_to_nothing() -> None:
    costs = []
    for seed in range(40):
        log_odds, y = leads(2_000, seed=seed)
        later, later_y = leads(2_000, seed=seed + 1_000)
        costs.append(log_loss(later_y, fit_recalibration(log_odds, y).apply(later)) - log_loss(later_y, later))
    assert -0.001 < np.mean(costs) < 0.003


def test_the_newest_outcomes_count_most() -> None:
    log_odds = np.full(2_400, -1.0)
    y = np.tile([1.0, 0.0, 0.0, 0.0], 600)
    y[1_200:] = np.tile([1.0, 1.0, 1.0, 0.0], 300)

    rate = float(expit(fit_recalibration(log_odds, y).apply(np.array([-1.0])))[0])
    assert rate > 0.65
    turned = fit_recalibration(log_odds, y[::-1].copy()).apply(np.array([-1.0]))
    assert float(expit(turned)[0]) < 0.35


def test_without_evidence_nothing_changes() -> None:
    none = np.zeros(0)
    assert fit_recalibration(none, none) == NO_CHANGE
    assert NO_CHANGE.apply(np.array([-3.0, 0.4])).tolist() == [-3.0, 0.4]


@given(
    log_odds=st.lists(st.floats(-20, 20), min_size=1, max_size=40),
    outcomes=st.lists(st.booleans(), min_size=40, max_size=40),
)
@settings(max_examples=80, deadline=None)
def test_whatever_the_evidence_the_order_of_leads_stays(log_odds: list[float], outcomes: list[bool]) -> None:
    found = fit_recalibration(np.array(log_odds), np.array(outcomes[: len(log_odds)], dtype=float))
    moved = found.apply(np.linspace(-5, 5, 11))

    assert np.isfinite(moved).all()
    assert (np.diff(moved) > 0).all()
