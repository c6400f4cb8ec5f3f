"""How the pool of leads moved since last month: which share of what is handed over each pair of grades has."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select

from features.store.schema import lead_facts
from serving.reports.cells import CELLS
from serving.reports.chance import has_moved
from serving.reports.lead_filter import LeadFilter, day_start
from serving.reports.report import ReportContext

MONTH = timedelta(days=30)


@dataclass(frozen=True)
class Shift:
    """One pair of grades: its leads then and now, of all scored leads of the two months.

    has_moved: whether its share moved further than chance explains, in sixteen pairs side by side.
    """

    fit_grade: str
    engagement_grade: str
    before: int
    now: int
    share_before: float | None
    share_now: float | None
    has_moved: bool

    @property
    def points(self) -> float | None:
        """Give by how many percentage points its share moved; None where a month had no lead."""
        if self.share_before is None or self.share_now is None:
            return None
        return 100 * (self.share_now - self.share_before)

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {
            "fit_grade": self.fit_grade,
            "engagement_grade": self.engagement_grade,
            "leads_before": self.before,
            "leads_now": self.now,
            "share_before": self.share_before,
            "share_now": self.share_now,
            "beyond_chance": self.has_moved,
        }


@dataclass(frozen=True)
class Pool:
    """Two months of 30 days: from `start` to `middle`, and from there to `end`. `shifts`: all pairs, A1 first."""

    start: datetime
    middle: datetime
    end: datetime
    before: int
    now: int
    shifts: tuple[Shift, ...]

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        moments = {name: getattr(self, name).isoformat() for name in ("start", "middle", "end")}
        counts = {"leads_before": self.before, "leads_now": self.now}
        return moments | counts | {"cells": [each.to_json() for each in self.shifts]}


def pool(context: ReportContext, asked: LeadFilter) -> Pool:
    """Compare the last 30 days with the 30 days before; a filter's last day is the end, its first day says nothing."""
    zone = context.rules.agreement.zone
    last = context.now if asked.until is None else day_start(asked.until + timedelta(days=1), zone)
    end = min(context.now, last)
    middle = end - MONTH
    facts = lead_facts.c
    counted = select(
        facts.fit_grade,
        facts.engagement_grade,
        func.count().filter(facts.handed_over_at < middle).label("before"),
        func.count().filter(facts.handed_over_at >= middle).label("now"),
    ).where(
        *replace(asked, since=None, until=None).conditions(zone),
        facts.handed_over_at >= middle - MONTH,
        facts.handed_over_at < end,
        facts.fit_grade.is_not(None),
    )
    rows = context.connection.execute(counted.group_by(facts.fit_grade, facts.engagement_grade))
    found = {(row.fit_grade, row.engagement_grade): (row.before, row.now) for row in rows}
    before, now = (sum(each[at] for each in found.values()) for at in (0, 1))
    shifts = tuple(_shift(cell, found.get(cell, (0, 0)), before, now) for cell in CELLS)
    return Pool(middle - MONTH, middle, end, before, now, shifts)


def _shift(cell: tuple[str, str], leads: tuple[int, int], all_before: int, all_now: int) -> Shift:
    before, now = leads
    return Shift(
        *cell,
        before,
        now,
        before / all_before if all_before else None,
        now / all_now if all_now else None,
        has_moved(before, all_before, now, all_now, len(CELLS)),
    )
