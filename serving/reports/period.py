"""The time that a report is of where its reader names none."""

from calendar import monthrange
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from serving.reports.lead_filter import LeadFilter

MONTHS = 6
MONTHS_A_YEAR = 12


def within_months(asked: LeadFilter, now: datetime, zone: ZoneInfo) -> LeadFilter:
    """Give the filter; where it names no day, of the leads of the last six months on the company's calendar."""
    if asked.since is not None or asked.until is not None:
        return asked
    return replace(asked, since=months_before(now.astimezone(zone).date(), MONTHS))


def months_before(day: date, months: int) -> date:
    """Give the same day so many months before, or the last day of a month that is shorter.

    >>> months_before(date(2026, 8, 31), 6).isoformat(), months_before(date(2026, 2, 5), 6).isoformat()
    ('2026-02-28', '2025-08-05')
    """
    year, month = divmod(day.year * MONTHS_A_YEAR + day.month - 1 - months, MONTHS_A_YEAR)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
