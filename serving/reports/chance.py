"""Says whether what came of some leads lies within what chance explains."""

from enum import StrEnum
from functools import cache
from math import sqrt
from statistics import NormalDist

CONFIDENCE = 0.95
LEAST_VARIANCE = 4.0  # below, the normal curve does not fit a count, and nothing surprises
HALF_A_LEAD = 0.5  # a count moves in steps: what lies within half of one is the count itself
LEAST_EXPECTED = 5.0  # leads on each side, before two shares are compared


class Verdict(StrEnum):
    """What a count says of the probabilities that it was expected from."""

    FEW = "too few"
    WITHIN = "as expected"
    MORE = "more than expected"
    FEWER = "fewer than expected"


def verdict(observed: int, expected: float, variance: float, comparisons: int = 1) -> Verdict:
    """Say what so many SQLs mean, where `expected` were (the sum of p) with the variance sum of p * (1 - p).

    Where the probabilities hold, MORE or FEWER comes up in about 5 of 100 cases, all `comparisons` that stand side by
    side taken together (Bonferroni).

    >>> verdict(31, 20.0, 12.0).value, verdict(26, 20.0, 12.0).value, verdict(3, 1.0, 0.8).value
    ('more than expected', 'as expected', 'too few')
    """
    if variance < LEAST_VARIANCE:
        return Verdict.FEW
    away = observed - expected
    if abs(away) - HALF_A_LEAD <= _deviations(comparisons) * sqrt(variance):
        return Verdict.WITHIN
    return Verdict.MORE if away > 0 else Verdict.FEWER


def has_moved(before: int, of_before: int, now: int, of_now: int, comparisons: int = 1) -> bool:
    """Say whether a share of leads has moved further than chance explains, as one of so many comparisons.

    The test of two proportions with a common variance; with few leads nothing counts as moved.

    >>> has_moved(20, 200, 45, 200), has_moved(20, 200, 25, 200), has_moved(0, 8, 8, 8)
    (True, False, False)
    """
    if not of_before or not of_now:
        return False
    pooled = (before + now) / (of_before + of_now)
    if min(pooled, 1 - pooled) * min(of_before, of_now) < LEAST_EXPECTED:
        return False
    deviation = sqrt(pooled * (1 - pooled) * (1 / of_before + 1 / of_now))
    return abs(now / of_now - before / of_before) > _deviations(comparisons) * deviation


@cache
def _deviations(comparisons: int) -> float:
    return NormalDist().inv_cdf(1 - (1 - CONFIDENCE) / (2 * comparisons))
