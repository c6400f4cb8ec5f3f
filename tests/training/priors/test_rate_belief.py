"""What is believed of the rate: the declared one first, the outcomes more and more."""

import numpy as np
import pytest
from scipy.stats import beta

from features.config import Priors
from training.priors.rate_belief import believe

DECLARED = Priors(rate=0.2, leads=50)


def test_without_anything_known_or_declared_the_interval_is_as_good_as_everything() -> None:
    belief = believe(np.zeros(0), Priors())

    assert belief.rate == 0.5
    assert belief.low < 0.01
    assert belief.high > 0.99


def test_without_outcomes_the_declared_rate_is_believed() -> None:
    assert believe(np.zeros(0), DECLARED).rate == pytest.approx(0.2)


@pytest.mark.parametrize("leads", [1, 10, 1_000])
def test_no_sqls_among_few_leads_never_mean_a_rate_of_zero(leads: int) -> None:
    belief = believe(np.zeros(leads), Priors())

    assert 0 < belief.low < belief.rate < belief.high < 1
    assert belief.high > 1 / (leads + 1)


def test_outcomes_outweigh_what_was_declared_as_they_become_many() -> None:
    y = np.tile([1.0, 0.0], 5_000)

    assert believe(y[:10], DECLARED).rate == pytest.approx((10 + 5) / 60)
    assert believe(y, DECLARED).rate == pytest.approx(0.5, abs=0.01)


def test_the_interval_is_that_of_the_beta_distribution() -> None:
    belief = believe(np.array([1.0, 0.0, 0.0]), DECLARED)
    oracle = beta(10 + 1, 40 + 2)

    assert (belief.low, belief.high) == pytest.approx(oracle.interval(0.95))
    assert belief.rate == pytest.approx(oracle.mean())


def test_intervals_of_few_outcomes_hold_the_true_rate_as_often_as_they_promise() -> None:
    chance, held = np.random.default_rng(0), 0
    for _ in range(1_000):
        rate = chance.random()
        belief = believe((chance.random(8) < rate).astype(float), Priors())
        held += belief.low <= rate <= belief.high

    assert held / 1_000 == pytest.approx(0.95, abs=0.02)
