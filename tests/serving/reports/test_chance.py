"""What is said to lie beyond chance does so, by the exact distributions."""

import numpy as np
import pytest
from scipy.stats import binomtest, norm
from statsmodels.stats.proportion import proportions_ztest  # type: ignore[import-untyped]

from serving.reports.chance import LEAST_VARIANCE, Verdict, has_moved, verdict


def distribution_of(probabilities: list[float]) -> np.ndarray:
    """Give how likely each count is, where each lead has its own probability."""
    likely = np.array([1.0])
    for p in probabilities:
        likely = np.convolve(likely, [1 - p, p])
    return likely


@pytest.mark.parametrize(
    "probabilities",
    [[0.05] * 100, [0.3] * 30, [0.02, 0.1, 0.4, 0.7] * 25, list(np.linspace(0.01, 0.99, 200)), [0.9] * 80],
)
@pytest.mark.parametrize("comparisons", [1, 16])
def test_probabilities_that_hold_surprise_about_five_times_in_a_hundred(
    probabilities: list[float], comparisons: int
) -> None:
    expected = sum(probabilities)
    variance = sum(p * (1 - p) for p in probabilities)
    assert variance >= LEAST_VARIANCE
    likely = distribution_of(probabilities)
    surprises = [
        verdict(count, expected, variance, comparisons) in {Verdict.MORE, Verdict.FEWER} for count in range(len(likely))
    ]
    chance = float(likely[np.array(surprises)].sum())
    assert chance * comparisons <= 0.1  # the normal curve is not exact in the tails; the aim is 0.05
    if comparisons == 1:
        assert 0.02 <= chance <= 0.055


def test_a_surprise_is_one_by_the_exact_test_too() -> None:
    for observed in range(41):
        said = verdict(observed, 12.0, 40 * 0.3 * 0.7)
        p_value = binomtest(observed, 40, 0.3).pvalue
        if p_value < 0.03:
            assert said in {Verdict.MORE, Verdict.FEWER}
        if p_value > 0.08:
            assert said is Verdict.WITHIN


def test_with_few_leads_nothing_surprises() -> None:
    assert verdict(10, 1.0, LEAST_VARIANCE - 0.01) is Verdict.FEW
    assert verdict(0, 0.0, 0.0) is Verdict.FEW
    assert verdict(20, 8.0, LEAST_VARIANCE) is Verdict.MORE
    assert verdict(0, 8.0, LEAST_VARIANCE) is Verdict.FEWER


@pytest.mark.parametrize(
    ("before", "of_before", "now", "of_now"), [(20, 200, 40, 210), (30, 90, 35, 95), (8, 80, 30, 160)]
)
@pytest.mark.parametrize("comparisons", [1, 16])
def test_a_share_has_moved_where_the_test_of_two_proportions_says_so(
    before: int, of_before: int, now: int, of_now: int, comparisons: int
) -> None:
    _, p_value = proportions_ztest([before, now], [of_before, of_now])
    assert has_moved(before, of_before, now, of_now, comparisons) == (p_value < 0.05 / comparisons)


def test_a_share_of_few_or_no_leads_never_moves() -> None:
    assert not has_moved(0, 0, 10, 10)
    assert not has_moved(0, 10, 10, 0)
    assert not has_moved(0, 9, 9, 9)
    assert not has_moved(0, 0, 0, 0)


def test_more_comparisons_ask_for_more() -> None:
    edge = 2 * norm.ppf(1 - 0.025 / 16) + 0.5  # of a count with variance 4, in 16 comparisons
    assert verdict(round(8 + edge + 1), 8.0, 4.0, 16) is Verdict.MORE
    assert verdict(int(8 + edge), 8.0, 4.0, 16) is Verdict.WITHIN
