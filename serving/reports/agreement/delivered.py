"""What became of the leads that were delivered, counted in one pass by week and owner, and added up as wanted."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import date
from math import sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Row, String, cast, func, select

from features.store.schema import lead_facts
from serving.model.grades import FIT_GRADES, UPPER_HALF
from serving.reports.agreement.breaches import BreachState, is_breach, is_in_time
from serving.reports.agreement.clocks import Clock
from serving.reports.counted import Counted, counted, counting
from serving.reports.rates import Rate
from serving.reports.report import ReportContext

GOOD_FIT = FIT_GRADES[:UPPER_HALF]
BETWEEN = ","  # of the numbers in a text


@dataclass(frozen=True)
class Handling:
    """How many leads were fit, and how many were worked as agreed.

    graded: leads with a fit grade at their hand-over; good_fit: those of them with A or B. due: leads whose agreed
    time has passed, and of those: in_time, worked until then; late, worked after it; waiting, not worked yet.
    """

    graded: int = 0
    good_fit: int = 0
    due: int = 0
    in_time: int = 0
    late: int = 0
    waiting: int = 0

    def __add__(self, other: "Handling") -> "Handling":
        """Give both together."""
        return Handling(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(self)))


@dataclass(frozen=True)
class Group:
    """The leads of one owner in one week's delivery; the seconds are of those that sales worked."""

    week: date
    owner: str | None
    counted: Counted
    handling: Handling
    speeds_s: NDArray[np.int64]
    waits_s: NDArray[np.int64]


@dataclass(frozen=True)
class Delivered:
    """The leads of one or several deliveries.

    speed: business time from what a lead last did before its hand-over to the first work of sales on it. wait: from
    its hand-over.
    """

    counted: Counted
    handling: Handling
    speed: Clock
    wait: Clock

    @classmethod
    def of(cls, groups: Sequence[Group]) -> "Delivered":
        """Give what some groups are together."""
        return cls(
            sum((each.counted for each in groups), Counted()),
            sum((each.handling for each in groups), Handling()),
            Clock.of(_joined([each.speeds_s for each in groups])),
            Clock.of(_joined([each.waits_s for each in groups])),
        )

    @property
    def leads(self) -> int:
        """Give how many were delivered."""
        return self.counted.leads

    @property
    def good_fit(self) -> Rate:
        """Give the share of good fit, of the leads that have a grade."""
        return Rate(self.handling.good_fit, self.handling.graded)

    @property
    def in_time(self) -> Rate:
        """Give the share worked in time, of the leads whose agreed time has passed."""
        return Rate(self.handling.in_time, self.handling.due)

    @property
    def breaches(self) -> int:
        """Give how many were not worked in time."""
        return self.handling.late + self.handling.waiting

    @property
    def not_due(self) -> int:
        """Give how many have no agreed time, or one that has not passed."""
        return self.leads - self.handling.due

    @property
    def spread(self) -> float:
        """Give how far the number of SQLs strays by chance from what was expected: its standard deviation."""
        return sqrt(self.counted.variance)

    def to_json(self) -> dict[str, Any]:
        """Give the figures as plain JSON values."""
        return {
            **self.counted.to_json(),
            "expected_spread": self.spread,
            "good_fit": _share(self.good_fit),
            "worked_in_time": _share(self.in_time),
            "worked_late": self.handling.late,
            "waiting": self.handling.waiting,
            "speed_to_lead": self.speed.to_json(),
            "hand_over_to_work": self.wait.to_json(),
        }


def count_delivered(context: ReportContext, conditions: Sequence[ColumnElement[bool]]) -> Sequence[Group]:
    """Count the leads that the conditions on `lead_facts` leave, by week and owner."""
    facts = lead_facts.c
    seconds = (_listed(facts.speed_s).label("speeds"), _listed(facts.wait_s).label("waits"))
    figures = (*counting(context), *_handling(context), *seconds)
    by_group = select(facts.week, facts.owner, *figures).where(*conditions).group_by(facts.week, facts.owner)
    return [_group(row) for row in context.connection.execute(by_group.order_by(facts.week, facts.owner))]


def _handling(context: ReportContext) -> Sequence[ColumnElement[int]]:
    facts = lead_facts.c
    counts = {
        "graded": facts.fit_grade.is_not(None),
        "good_fit": facts.fit_grade.in_(GOOD_FIT),
        "due": facts.due_at <= context.now,
        "in_time": is_in_time(context.now),
        "late": is_breach(context.now, BreachState.LATE),
        "waiting": is_breach(context.now, BreachState.WAITING),
    }
    return [func.count().filter(condition).label(name) for name, condition in counts.items()]


def _listed(column: ColumnElement[int]) -> ColumnElement[str]:
    """Give all values as one text: SQLite knows no quantiles, and a row for each lead takes far longer to read."""
    return func.aggregate_strings(cast(column, String), BETWEEN)


def _group(row: Row[Any]) -> Group:
    handling = Handling(*(getattr(row, each.name) for each in fields(Handling)))
    return Group(row.week, row.owner, counted(row), handling, _numbers(row.speeds), _numbers(row.waits))


def _numbers(text: str | None) -> NDArray[np.int64]:
    return np.fromstring(text or "", np.int64, sep=BETWEEN)


def _joined(parts: Sequence[NDArray[np.int64]]) -> NDArray[np.int64]:
    return np.concatenate(parts) if parts else np.empty(0, np.int64)


def _share(rate: Rate) -> dict[str, Any]:
    return {"positives": rate.positives, "leads": rate.leads, "share": rate.share}
