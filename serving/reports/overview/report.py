"""This week in one look."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import exists, select

from features.store.schema import lead_facts
from serving.reports.counted import Counted, counted, counting
from serving.reports.lead_filter import day_start
from serving.reports.overview.attention import Notice, attention
from serving.reports.overview.this_week import Delivery, deliveries
from serving.reports.report import Cell, ReportContext, Table

WEEK = timedelta(days=7)
POOLED = 4  # matured weeks that are added up: one alone has too few leads
COHORTS = 12  # matured weeks that are told one by one
NOTHING = Counted()


@dataclass(frozen=True)
class Cohort:
    """What became of the delivery of one week, all of whose leads have had the whole horizon."""

    week: date
    counted: Counted

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {"week": self.week.isoformat(), **self.counted.to_json()}


@dataclass(frozen=True)
class Overview:
    """The delivery of this week beside the last one, and the newest deliveries of which is known what they became.

    is_delivered: whether this week's agreed hour of delivery has passed, so that its delivery is whole. next_leads:
    those handed over since, for the next delivery. due_at: when sales is to have worked this week's leads. promised,
    good_fit_promised: as agreed, None where nothing is. horizon_days: after so many, a lead has matured. cohorts: the
    matured weeks that had leads, oldest first, at most 12. has_leads: whether any lead was ever handed over.
    """

    has_leads: bool
    this: Delivery
    last: Delivery
    is_delivered: bool
    next_leads: int
    due_at: datetime | None
    promised: int | None
    good_fit_promised: float | None
    horizon_days: int
    matured: Counted
    matured_before: Counted
    cohorts: tuple[Cohort, ...]
    attention: tuple[Notice, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        return {
            "week": self.this.week.isoformat(),
            "delivered": self.this.leads,
            "golden": self.this.golden,
            "promised": self.promised,
            "good_fit_share_promised": self.good_fit_promised,
            "due_at": None if self.due_at is None else self.due_at.isoformat(),
            "next_delivery": self.next_leads,
            "this_week": self.this.to_json(),
            "last_week": self.last.to_json(),
            "horizon_days": self.horizon_days,
            "last_4_matured_weeks": self.matured.to_json(),
            "4_matured_weeks_before": self.matured_before.to_json(),
            "matured_weeks": [cohort.to_json() for cohort in self.cohorts],
            "attention": [notice.to_json() for notice in self.attention],
        }

    def table(self) -> Table:
        """Give the figures, a row each."""
        this, rate, scored = self.this, self.matured.rate, self.matured.scored_rate
        rows: list[tuple[str, Cell]] = [
            ("delivered", this.leads),
            ("promised", self.promised),
            ("golden", this.golden),
            ("good_fit_share", this.good_fit_rate.share),
            ("due", this.due),
            ("worked_in_time", this.in_time),
            ("delivered_last_week", self.last.leads),
            ("golden_last_week", self.last.golden),
            ("worked_in_time_share_last_week", self.last.in_time_rate.share),
            ("mql_to_sql_of_last_4_matured_weeks", rate.share),
            ("leads_judged", rate.leads),
            ("leads_never_worked", self.matured.unworked),
            ("expected_rate", scored.expected_share),
            ("observed_rate_of_scored_leads", scored.share),
            ("mql_to_sql_of_4_matured_weeks_before", self.matured_before.rate.share),
        ]
        return Table(("figure", "value"), rows)


def overview(context: ReportContext) -> Overview:
    """Tell of this week, and of the newest weeks whose leads have matured."""
    agreement = context.rules.agreement
    week = agreement.week_of(context.now)
    begins = day_start(week, agreement.zone)
    found = deliveries(context, week - WEEK)
    this, last = (found.get(each, Delivery(each)) for each in (week, week - WEEK))
    is_delivered = agreement.closes_at(week) <= context.now
    weeks = _matured_weeks(context)
    by_week = _cohorts(context, weeks)
    return Overview(
        has_leads=context.connection.execute(select(exists(select(lead_facts)))).scalar_one(),
        this=this,
        last=last,
        is_delivered=is_delivered,
        next_leads=sum(each.leads for each in found.values() if each.week > week),
        due_at=agreement.due_at(begins),
        promised=agreement.sla.weekly_leads,
        good_fit_promised=agreement.sla.good_fit_share,
        horizon_days=context.rules.horizon.days,
        matured=_pooled(by_week, weeks[-POOLED:]),
        matured_before=_pooled(by_week, weeks[-2 * POOLED : -POOLED]),
        cohorts=tuple(by_week.values()),
        attention=tuple(attention(context, this if is_delivered else last)),
    )


def _matured_weeks(context: ReportContext) -> Sequence[date]:
    """Give the newest weeks, oldest first, of whose deliveries every lead has matured.

    A lead handed over at the very last moment that has matured is part of a delivery that may yet have younger ones.
    """
    agreement = context.rules.agreement
    unripe = agreement.week_of(agreement.delivered_at(context.matured_until))
    return [unripe - ago * WEEK for ago in range(COHORTS, 0, -1)]


def _cohorts(context: ReportContext, weeks: Sequence[date]) -> dict[date, Cohort]:
    facts = lead_facts.c
    wanted = select(facts.week, *counting(context)).where(facts.week.between(weeks[0], weeks[-1]))
    rows = context.connection.execute(wanted.group_by(facts.week).order_by(facts.week))
    return {row.week: Cohort(row.week, counted(row)) for row in rows}


def _pooled(by_week: dict[date, Cohort], weeks: Sequence[date]) -> Counted:
    return sum((by_week[week].counted for week in weeks if week in by_week), NOTHING)
