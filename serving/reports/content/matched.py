"""Compares leads that have something with similar leads that do not, group by group (Mantel and Haenszel 1959).

Leads of one group are alike in what else bears on the outcome. Each group has its own comparison, and the groups are
averaged with weights that serve groups of few leads well. What the groups do not tell apart stays unexplained: a
difference is no proof of a cause.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import exp, log, sqrt
from operator import mul
from typing import Any

from features.wilson import Z_95


@dataclass(frozen=True)
class Group:
    """Leads alike: how many have it, how many do not, and how many of either became SQLs."""

    with_sqls: int
    with_leads: int
    without_sqls: int
    without_leads: int


@dataclass(frozen=True)
class Estimate:
    """A figure with its 95 % interval."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, Any]:
        """Give the figure as plain JSON values."""
        return {"value": self.value, "interval_95": [self.low, self.high]}


@dataclass(frozen=True)
class Matched:
    """The comparison, over the groups that have leads of both kinds.

    Shares are averages over groups with the same weights on both sides, so that they differ by `difference` exactly;
    `deviation` is its standard error. odds_ratio: None where one side has all the SQLs, or all that are none.
    """

    groups: int
    with_leads: int
    without_leads: int
    sqls: int
    with_share: float
    without_share: float
    difference: Estimate
    deviation: float
    odds_ratio: Estimate | None

    def to_json(self) -> dict[str, Any]:
        """Give the comparison as plain JSON values."""
        return {
            "groups": self.groups,
            "leads_with": self.with_leads,
            "leads_without": self.without_leads,
            "rate_with": self.with_share,
            "rate_without": self.without_share,
            "difference": self.difference.to_json(),
            "odds_ratio": None if self.odds_ratio is None else self.odds_ratio.to_json(),
        }


def matched(groups: Sequence[Group]) -> Matched | None:
    """Compare; None where no group has leads of both kinds.

    >>> found = matched([Group(12, 30, 10, 40), Group(5, 50, 3, 60)])
    >>> round(found.with_share, 3), round(found.without_share, 3), round(found.difference.value, 3)
    (0.216, 0.127, 0.089)
    """
    both = [each for each in groups if each.with_leads and each.without_leads]
    if not both:
        return None
    weights = [each.with_leads * each.without_leads / _leads(each) for each in both]
    whole = sum(weights)
    with_share = _average(weights, [each.with_sqls / each.with_leads for each in both])
    without_share = _average(weights, [each.without_sqls / each.without_leads for each in both])
    difference = with_share - without_share
    deviation = sqrt(max(0.0, difference * sum(map(_p, both)) + sum(map(_q, both)))) / whole
    return Matched(
        groups=len(both),
        with_leads=sum(each.with_leads for each in both),
        without_leads=sum(each.without_leads for each in both),
        sqls=sum(each.with_sqls + each.without_sqls for each in both),
        with_share=with_share,
        without_share=without_share,
        difference=Estimate(difference, difference - Z_95 * deviation, difference + Z_95 * deviation),
        deviation=deviation,
        odds_ratio=_odds_ratio(both),
    )


def _average(weights: Sequence[float], shares: Sequence[float]) -> float:
    """Give a weighted average; rounding takes it nowhere beyond 1."""
    added: float = sum(map(mul, weights, shares))
    return min(1.0, added / sum(weights))


def _leads(group: Group) -> int:
    return group.with_leads + group.without_leads


def _p(group: Group) -> float:
    """Give a group's part of the difference's variance that grows with the difference (Sato 1989)."""
    n1, n0 = group.with_leads, group.without_leads
    return (n1**2 * group.without_sqls - n0**2 * group.with_sqls + n1 * n0 * (n0 - n1) / 2) / _leads(group) ** 2


def _q(group: Group) -> float:
    """Give a group's part of the difference's variance that is always there (Sato 1989)."""
    only_with = group.with_sqls * (group.without_leads - group.without_sqls)
    only_without = group.without_sqls * (group.with_leads - group.with_sqls)
    return (only_with + only_without) / (2 * _leads(group))


def _odds_ratio(groups: Sequence[Group]) -> Estimate | None:
    """Give the common odds ratio, its interval by Robins, Breslow and Greenland (1986)."""
    r, s, agree_r, agree_s, differ_r, differ_s = (0.0,) * 6
    for each in groups:
        n = _leads(each)
        agree = (each.with_sqls + each.without_leads - each.without_sqls) / n
        for_it = each.with_sqls * (each.without_leads - each.without_sqls) / n
        against_it = each.without_sqls * (each.with_leads - each.with_sqls) / n
        r, s = r + for_it, s + against_it
        agree_r, agree_s = agree_r + agree * for_it, agree_s + agree * against_it
        differ_r, differ_s = differ_r + (1 - agree) * for_it, differ_s + (1 - agree) * against_it
    if not (r and s):
        return None
    half = Z_95 * sqrt(agree_r / (2 * r**2) + (agree_s + differ_r) / (2 * r * s) + differ_s / (2 * s**2))
    middle = log(r / s)
    return Estimate(r / s, exp(middle - half), exp(middle + half))
