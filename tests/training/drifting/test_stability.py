"""The index and the p-values against slow, obvious and well-known others."""

from itertools import product
from math import log, prod

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import chi2_contingency, poisson_binom

from training.drifting.stability import (
    EXACT_UP_TO,
    LEAST_SHARE,
    chance_of_counts,
    chance_of_outcomes,
    chance_of_rates,
    likely_outcomes,
    population_stability,
)
from training.measuring.metrics import Floats

counts = st.lists(st.tuples(st.integers(0, 300), st.integers(0, 300)), min_size=2, max_size=8).filter(
    lambda pairs: sum(a for a, _ in pairs) > 0 and sum(b for _, b in pairs) > 0
)


def slow_index(reference: list[int], observed: list[int]) -> float:
    total = 0.0
    for before, now in zip(reference, observed, strict=True):
        p, q = max(before / sum(reference), LEAST_SHARE), max(now / sum(observed), LEAST_SHARE)
        total += (q - p) * log(q / p)
    return total


@given(counts)
@settings(max_examples=100, deadline=None)
def test_the_index_is_the_slow_sum_over_cells(pairs: list[tuple[int, int]]) -> None:
    reference, observed = [a for a, _ in pairs], [b for _, b in pairs]
    index = population_stability(np.array(reference, dtype=float), np.array(observed, dtype=float))

    assert index == pytest.approx(slow_index(reference, observed))
    assert index >= 0


def test_equal_shares_of_however_many_leads_are_stable() -> None:
    assert population_stability(np.array([10.0, 30.0]), np.array([100.0, 300.0])) == 0


def test_a_cell_that_is_new_makes_the_index_large_but_finite() -> None:
    assert 0.25 < population_stability(np.array([500.0, 500.0, 0.0]), np.array([400.0, 400.0, 200.0])) < 1


def test_the_chance_of_well_filled_counts_is_that_of_scipy() -> None:
    table = np.array([[300.0, 200.0, 100.0], [40.0, 50.0, 30.0]])

    assert chance_of_counts(*table) == pytest.approx(chi2_contingency(table, correction=False).pvalue)


def test_sparse_cells_are_taken_together() -> None:
    apart = chance_of_counts(np.array([900.0, 50.0, 30.0, 20.0]), np.array([90.0, 4.0, 3.0, 3.0]))
    together = chi2_contingency([[900, 100], [90, 10]], correction=False).pvalue

    assert apart == pytest.approx(together)


@pytest.mark.parametrize(
    ("reference", "observed"), [([5.0], [9.0]), ([5.0, 5.0], [0.0, 0.0]), ([0.0, 0.0], [4.0, 4.0])]
)
def test_what_cannot_be_compared_is_not_remarkable(reference: list[float], observed: list[float]) -> None:
    assert chance_of_counts(np.array(reference), np.array(observed)) == 1


def test_rates_far_apart_on_many_leads_are_no_chance_and_on_few_leads_may_be() -> None:
    assert chance_of_rates((100, 1000), (30, 100)) < 1e-6
    assert chance_of_rates((100, 1000), (1, 3)) > 0.05


def enumerated(p: Floats) -> Floats:
    law = np.zeros(len(p) + 1)
    for came in product([0, 1], repeat=len(p)):
        law[sum(came)] += prod(q if each else 1 - q for q, each in zip(p.tolist(), came, strict=True))
    return law


def test_the_chance_of_outcomes_adds_up_over_all_ways_they_can_come() -> None:
    p = np.array([0.1, 0.5, 0.3, 0.9, 0.2, 0.05])
    law = enumerated(p)

    for sqls in range(len(p) + 1):
        tail = min(law[: sqls + 1].sum(), law[sqls:].sum())
        assert chance_of_outcomes(p, sqls) == pytest.approx(min(1, 2 * tail))


def test_the_chance_of_outcomes_is_that_of_scipy_on_many_leads() -> None:
    p = np.random.default_rng(1).beta(1, 4, 700)
    law = poisson_binom(p)

    for sqls in (110, 140, 170):
        assert chance_of_outcomes(p, sqls) == pytest.approx(2 * min(law.cdf(sqls), law.sf(sqls - 1)), rel=1e-6)


def test_beyond_the_exact_law_the_normal_one_says_the_same() -> None:
    p = np.random.default_rng(2).beta(1, 4, EXACT_UP_TO)
    many, sqls = np.append(p, 0.0), int(p.sum()) + 70  # a lead that never comes changes nothing but the law used

    assert chance_of_outcomes(many, sqls) == pytest.approx(chance_of_outcomes(p, sqls), rel=0.05)
    assert likely_outcomes(many) == pytest.approx(likely_outcomes(p), abs=1)


def test_95_of_100_draws_lie_within_the_likely_outcomes() -> None:
    chance = np.random.default_rng(3)
    p = chance.beta(1, 4, 200)
    low, high = likely_outcomes(p)
    drawn = (chance.random((4_000, 200)) < p).sum(axis=1)

    assert 0.94 < np.mean((drawn >= low) & (drawn <= high)) < 0.975
