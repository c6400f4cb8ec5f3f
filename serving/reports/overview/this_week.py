"""What was delivered to sales in a week, and how far it has come with it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select

from features.store.schema import lead_facts
from serving.model.grades import Segment
from serving.reports.agreement.breaches import is_in_time
from serving.reports.agreement.delivered import GOOD_FIT
from serving.reports.rates import Rate
from serving.reports.report import ReportContext


@dataclass(frozen=True)
class Delivery:
    """The delivery of the week from `week`, a Monday, on.

    scored: leads with a score at their hand-over; golden and good_fit (A or B): of those. worked: leads that sales has
    touched or decided on; due: leads that it was to have worked by now; in_time: those of them that it had by then.
    """

    week: date
    leads: int = 0
    scored: int = 0
    golden: int = 0
    good_fit: int = 0
    worked: int = 0
    due: int = 0
    in_time: int = 0

    @property
    def golden_rate(self) -> Rate:
        """Give how many of the scored leads are golden."""
        return Rate(self.golden, self.scored)

    @property
    def good_fit_rate(self) -> Rate:
        """Give how many of the scored leads fit well."""
        return Rate(self.good_fit, self.scored)

    @property
    def in_time_rate(self) -> Rate:
        """Give how many of the leads that were due sales worked in time."""
        return Rate(self.in_time, self.due)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return asdict(self) | {"week": self.week.isoformat()}


def deliveries(context: ReportContext, first: date) -> Mapping[date, Delivery]:
    """Count the deliveries from a week on, by their Mondays; one of no leads is left out."""
    facts = lead_facts.c
    counted = select(
        facts.week,
        func.count().label("leads"),
        func.count(facts.probability).label("scored"),
        func.count().filter(facts.segment == Segment.GOLDEN.value).label("golden"),
        func.count().filter(facts.fit_grade.in_(GOOD_FIT)).label("good_fit"),
        func.count(facts.worked_at).label("worked"),
        func.count().filter(facts.due_at <= context.now).label("due"),
        func.count().filter(is_in_time(context.now)).label("in_time"),
    )
    rows = context.connection.execute(counted.where(facts.week >= first).group_by(facts.week))
    return {row.week: Delivery(*row) for row in rows}
