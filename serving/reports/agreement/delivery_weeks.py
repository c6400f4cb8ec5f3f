"""Which deliveries a report of the agreement is of: always whole ones, since a promise is of a whole delivery."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import ColumnElement, false, func, select

from features.store.schema import lead_facts
from serving.reports.lead_filter import LeadFilter, day_start
from serving.reports.report import ReportContext

SHOWN = 26  # half a year, where no day is asked for
MOST = 520  # ten years, the newest
WEEK = timedelta(days=7)
LONGEST_TO_DELIVERY = timedelta(days=14)  # a week at most, and up to one more to the Monday of the hand-over's own week
MICROSECOND = timedelta(microseconds=1)


def delivery_weeks(context: ReportContext, asked: LeadFilter) -> Sequence[date]:
    """Give the weeks, by their Mondays and oldest first, of the deliveries of leads handed over in the days asked for.

    Where no day is asked for, they are the last 26 weeks up to the delivery that is being gathered now. None before
    the store's first.
    """
    earliest = context.connection.execute(select(func.min(lead_facts.c.week))).scalar_one()
    if earliest is None or (asked.until is not None and asked.until < earliest - LONGEST_TO_DELIVERY):
        return ()
    last = _last(context, asked.until)
    first = max(earliest, _first(context, asked.since, earliest, last), last - (MOST - 1) * WEEK)
    return [first + number * WEEK for number in range((last - first) // WEEK + 1)]


def delivery_conditions(context: ReportContext, asked: LeadFilter) -> Sequence[ColumnElement[bool]]:
    """Give, as conditions on `lead_facts`, which leads those are."""
    weeks = delivery_weeks(context, asked)
    if not weeks:
        return (false(),)
    parts = replace(asked, since=None, until=None).conditions(context.rules.agreement.zone)
    return (lead_facts.c.week.between(weeks[0], weeks[-1]), *parts)


def _last(context: ReportContext, until: date | None) -> date:
    agreement = context.rules.agreement
    today = context.now.astimezone(agreement.zone).date()
    if until is None or until >= today:
        return agreement.week_of(agreement.delivered_at(context.now))
    ended_at = day_start(until + timedelta(days=1), agreement.zone) - MICROSECOND
    return agreement.week_of(agreement.delivered_at(ended_at))


def _first(context: ReportContext, since: date | None, earliest: date, last: date) -> date:
    agreement = context.rules.agreement
    if since is None:
        return last - (SHOWN - 1) * WEEK
    if since > last + WEEK:
        return last + WEEK  # nothing is left
    begun_at = day_start(max(since, earliest - LONGEST_TO_DELIVERY), agreement.zone)
    return agreement.week_of(agreement.delivered_at(begun_at))
