"""Matched comparisons agree with statsmodels, scipy and slow arithmetic, and their intervals hold what they promise."""

from fractions import Fraction
from math import log, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats.contingency import odds_ratio
from statsmodels.stats.contingency_tables import StratifiedTable  # type: ignore[import-untyped]

from features.wilson import Z_95
from serving.reports.content.matched import Group, matched

Ints = NDArray[np.int64]


def draw(rng: np.random.Generator, groups: int, most: int, effect: float = 0.0) -> list[Group]:
    """Draw groups of up to `most` leads a side, whose own rates differ; `effect` is added to the rates of one side."""
    rates = rng.uniform(0.1, 0.6, groups)
    leads = rng.integers(0, most, (2, groups), endpoint=True)
    sqls = rng.binomial(leads, np.stack([rates + effect, rates]))
    return [Group(*map(int, row)) for row in np.stack([sqls[0], leads[0], sqls[1], leads[1]], axis=1)]


def tables(groups: list[Group]) -> Ints:
    """Give the groups as statsmodels wants them: a table of two by two each."""
    each = [
        [
            [group.with_sqls, group.with_leads - group.with_sqls],
            [group.without_sqls, group.without_leads - group.without_sqls],
        ]
        for group in groups
    ]
    return np.array(each).transpose(1, 2, 0)


@pytest.mark.parametrize("seed", range(20))
def test_the_odds_ratio_and_its_interval_are_those_of_statsmodels(seed: int) -> None:
    groups = draw(np.random.default_rng(seed), groups=12, most=30)
    found = matched(groups)
    expected = StratifiedTable(tables(groups).astype(float))
    assert found is not None
    assert found.odds_ratio is not None
    assert found.odds_ratio.value == pytest.approx(expected.oddsratio_pooled, rel=1e-12)
    low, high = expected.oddsratio_pooled_confint(alpha=0.05)
    assert (found.odds_ratio.low, found.odds_ratio.high) == pytest.approx((low, high), rel=1e-12)


def test_of_a_single_group_the_odds_ratio_is_the_plain_one() -> None:
    group = Group(12, 30, 9, 41)
    found = matched([group])
    assert found is not None
    assert found.odds_ratio is not None
    plain = odds_ratio(tables([group])[:, :, 0], kind="sample")
    assert found.odds_ratio.value == pytest.approx(plain.statistic)
    assert log(found.odds_ratio.high / found.odds_ratio.value) == pytest.approx(
        Z_95 * sqrt(1 / 12 + 1 / 18 + 1 / 9 + 1 / 32)  # Woolf (1955)
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_difference_is_the_weighted_one_of_all_groups_with_both_kinds(seed: int) -> None:
    groups = draw(np.random.default_rng(seed), groups=30, most=4)
    found = matched(groups)
    both = [each for each in groups if each.with_leads and each.without_leads]
    weights = [each.with_leads * each.without_leads / (each.with_leads + each.without_leads) for each in both]
    rates = [(each.with_sqls / each.with_leads, each.without_sqls / each.without_leads) for each in both]
    expected = np.average(rates, weights=weights, axis=0)
    assert found is not None
    assert (found.with_share, found.without_share) == pytest.approx(tuple(expected))
    assert found.difference.value == found.with_share - found.without_share
    assert found.deviation**2 == pytest.approx(float(variance(both)))
    assert found.difference.high - found.difference.low == pytest.approx(2 * Z_95 * found.deviation)
    assert (found.groups, found.with_leads) == (len(both), sum(each.with_leads for each in both))


def variance(groups: list[Group]) -> Fraction:
    """Give the variance of the difference as Sato (1989) writes it, in exact fractions."""
    difference, weight, p, q = (Fraction(0),) * 4
    for each in groups:
        n1, n0, a, b = each.with_leads, each.without_leads, each.with_sqls, each.without_sqls
        n = n1 + n0
        difference += Fraction(a * n0 - b * n1, n)
        weight += Fraction(n1 * n0, n)
        p += Fraction(2 * (n1 * n1 * b - n0 * n0 * a) + n1 * n0 * (n0 - n1), 2 * n * n)
        q += Fraction(a * (n0 - b) + b * (n1 - a), 2 * n)
    return (difference / weight * p + q) / weight**2


@pytest.mark.parametrize(("groups", "most"), [(200, 3), (5, 200)])
def test_95_of_100_intervals_hold_the_true_difference_in_many_small_groups_and_in_few_large_ones(
    groups: int, most: int
) -> None:
    rng, effect, times = np.random.default_rng(1), 0.1, 1_000
    inside = 0
    for _ in range(times):
        found = matched(draw(rng, groups, most, effect))
        assert found is not None
        inside += found.difference.low <= effect <= found.difference.high
    assert 0.93 <= inside / times <= 0.97


def test_a_mix_that_differs_makes_no_difference() -> None:
    """Of either group the rates are equal; only the plain rates of both together differ (Simpson's paradox)."""
    found = matched([Group(60, 100, 6, 10), Group(1, 10, 10, 100)])
    assert found is not None
    assert found.difference.value == pytest.approx(0)
    assert found.odds_ratio is not None
    assert found.odds_ratio.value == pytest.approx(1)


def test_without_a_group_of_both_kinds_there_is_no_comparison() -> None:
    assert matched([]) is None
    assert matched([Group(3, 10, 0, 0), Group(0, 0, 4, 12)]) is None


def test_where_one_side_has_all_the_sqls_there_is_no_odds_ratio() -> None:
    found = matched([Group(4, 10, 0, 10)])
    assert found is not None
    assert found.odds_ratio is None
    assert found.difference.value == pytest.approx(0.4)


@st.composite
def some_groups(draw: st.DrawFn) -> list[Group]:
    leads = [(draw(st.integers(0, 20)), draw(st.integers(0, 20))) for _ in range(draw(st.integers(1, 8)))]
    return [Group(draw(st.integers(0, one)), one, draw(st.integers(0, other)), other) for one, other in leads]


@given(some_groups())
def test_the_other_way_round_the_difference_is_the_same_with_the_other_sign(groups: list[Group]) -> None:
    turned = [Group(each.without_sqls, each.without_leads, each.with_sqls, each.with_leads) for each in groups]
    found, other = matched(groups), matched(turned)
    assert (found is None) == (other is None)
    if found is None or other is None:
        return
    assert 0 <= found.with_share <= 1
    assert other.difference.value == pytest.approx(-found.difference.value)
    assert other.deviation == pytest.approx(found.deviation, abs=1e-9)
    if found.odds_ratio is not None and other.odds_ratio is not None:
        assert other.odds_ratio.low == pytest.approx(1 / found.odds_ratio.high)
