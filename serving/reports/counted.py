"""What is known of some leads that were handed over: how many, what became of them, and what was expected."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

from sqlalchemy import ColumnElement, Row, and_, func, not_

from features.store.schema import lead_facts
from serving.reports.chance import Verdict, verdict
from serving.reports.rates import Rate
from serving.reports.report import ReportContext

REJECTED = "rejected"


@dataclass(frozen=True)
class Counted:
    """Counts of leads, to be added up.

    pending: their horizon has not passed, so what becomes of them is not known yet. unworked: it has passed, and sales
    never decided: left out of rates. judged: it has passed, and sales decided; sqls: of those. scored: the judged that
    had a score at their hand-over, scored_sqls: of those; expected and variance: the sums of their p and p * (1 - p).
    rejected: those whose newest decision is a rejection, decided: those with any, whether their horizon has passed or
    not.
    """

    leads: int = 0
    pending: int = 0
    unworked: int = 0
    judged: int = 0
    sqls: int = 0
    scored: int = 0
    scored_sqls: int = 0
    expected: float = 0.0
    variance: float = 0.0
    decided: int = 0
    rejected: int = 0

    @property
    def rate(self) -> Rate:
        """Give the MQL to SQL rate of all judged leads."""
        return Rate(self.sqls, self.judged)

    @property
    def scored_rate(self) -> Rate:
        """Give the rate of the judged leads that had a score, with what their scores said."""
        return Rate(self.scored_sqls, self.scored, self.expected if self.scored else None)

    @property
    def rejected_rate(self) -> Rate:
        """Give how many of the decided leads sales rejected."""
        return Rate(self.rejected, self.decided)

    def verdict(self, comparisons: int = 1) -> Verdict:
        """Say whether the scores held, as one of so many comparisons."""
        return verdict(self.scored_sqls, self.expected, self.variance, comparisons)

    def __add__(self, other: "Counted") -> "Counted":
        """Give both together."""
        return Counted(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))

    def to_json(self) -> dict[str, Any]:
        """Give the counts as plain JSON values."""
        counts = {name: getattr(self, name) for name in ("leads", "pending", "unworked", "decided", "rejected")}
        return counts | {"mql_to_sql": self.rate.to_json(), "of_scored": self.scored_rate.to_json()}


def counting(context: ReportContext) -> Sequence[ColumnElement[Any]]:
    """Give the aggregates over `lead_facts` that `counted` reads."""
    facts = lead_facts.c
    is_matured = facts.handed_over_at <= context.matured_until
    is_known = and_(is_matured, facts.is_judged)
    is_scored = and_(is_known, facts.probability.is_not(None))
    p = facts.probability
    return (
        func.count().label("leads"),
        func.count().filter(not_(is_matured)).label("pending"),
        func.count().filter(is_matured, not_(facts.is_judged)).label("unworked"),
        func.count().filter(is_known).label("judged"),
        func.count().filter(is_known, facts.is_sql).label("sqls"),
        func.count().filter(is_scored).label("scored"),
        func.count().filter(is_scored, facts.is_sql).label("scored_sqls"),
        func.coalesce(func.sum(p).filter(is_known), 0.0).label("expected"),
        func.coalesce(func.sum(p * (1 - p)).filter(is_known), 0.0).label("variance"),
        func.count().filter(facts.is_judged).label("decided"),
        func.count().filter(facts.outcome == REJECTED).label("rejected"),
    )


def counted(row: Row[Any]) -> Counted:
    """Give the counts of a row that has the columns of `counting`."""
    return Counted(**{each.name: getattr(row, each.name) for each in fields(Counted)})
