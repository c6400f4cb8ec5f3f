"""Cuts the newest leads into periods: calendar months or weeks of the company, or so many leads each."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import polars as pl

from features.errors import DataError
from features.problems import Problem

MONTH, WEEK = "month", "week"
ROWS = re.compile(r"([1-9]\d{0,8})-rows")

Start = date | float  # a day, or the share of the leads, oldest first, that come before the first period


@dataclass(frozen=True)
class Period:
    """Leads from place `start` up to `end` in the order of arrival, all known leads counted.

    `begins` is the moment up to which is known what can be known when the period begins; None where the leads have no
    time.
    """

    name: str
    start: int
    end: int
    begins: datetime | None


def parse_every(text: str) -> str | int:
    """Read "month", "week", or a number of leads as in "600-rows". Raises DataError for anything else.

    >>> parse_every("month"), parse_every("600-rows")
    ('month', 600)
    """
    if text in {MONTH, WEEK}:
        return text
    rows = ROWS.fullmatch(text)
    if rows is None:
        raise DataError([Problem("is no period", "give month, week, or a number of leads as in 600-rows", value=text)])
    return int(rows[1])


def parse_start(text: str) -> Start:
    """Read a day as in "2026-03-01", or a share between 0 and 1. Raises DataError for anything else.

    >>> parse_start("2026-03-01"), parse_start("0.7")
    (datetime.date(2026, 3, 1), 0.7)
    """
    try:
        return date.fromisoformat(text) if "-" in text else _share(float(text))
    except ValueError:
        remedy = "give a day as in 2026-03-01, or the share of the leads before it, as in 0.7"
        raise DataError([Problem("is no start", remedy, value=text)]) from None


def cut_periods(as_of: pl.Series, every: str | int, start: Start, zone: ZoneInfo) -> tuple[Period, ...]:
    """Cut the leads, whose times are `as_of` in order of arrival, into periods that hold a lead each.

    Months and weeks are whole ones: the first begins at or after `start`. Raises DataError where the leads have no
    time and one is asked for, and where no period would be left.
    """
    timed = as_of.null_count() == 0
    if not timed and (isinstance(every, str) or isinstance(start, date)):
        remedy = "name the column in [leads] handed_over_at, or give --every 600-rows and --start 0.7"
        raise DataError([Problem("the leads have no hand-over time to cut months, weeks or days by", remedy)])
    first = _first_place(as_of, start, zone)
    periods = tuple(
        _by_rows(as_of, every, first, timed) if isinstance(every, int) else _by_calendar(as_of, every, first, zone)
    )
    if not periods:
        what = f"no whole period begins after the oldest {first:,} of {len(as_of):,} leads with a known outcome"
        raise DataError([Problem(what, "let it start earlier with --start, or make the periods shorter with --every")])
    return periods


def _share(value: float) -> float:
    if not 0 < value < 1:
        raise ValueError(value)
    return value


def _first_place(as_of: pl.Series, start: Start, zone: ZoneInfo) -> int:
    """Give the place of the first lead that may be in a period; some lead always comes before it."""
    if isinstance(start, float):
        return max(1, round(len(as_of) * start))
    return max(1, _place(as_of, datetime.combine(start, time(), zone)))


def _place(as_of: pl.Series, moment: datetime) -> int:
    """Give how many leads were handed over before a moment."""
    return int((as_of < moment.astimezone(UTC)).sum())


def _by_rows(as_of: pl.Series, rows: int, first: int, timed: bool) -> Iterator[Period]:
    for start in range(first, len(as_of), rows):
        end = min(start + rows, len(as_of))
        begins = as_of[start] if timed else None
        name = f"{begins:%Y-%m-%d}, leads {start + 1} to {end}" if begins else f"leads {start + 1} to {end}"
        yield Period(name, start, end, begins)


def _by_calendar(as_of: pl.Series, every: str, first: int, zone: ZoneInfo) -> Iterator[Period]:
    if first >= len(as_of):
        return
    earliest, latest = as_of[first].astimezone(zone), as_of[-1].astimezone(zone)
    days = list(_first_days(every, earliest.date(), latest.date()))
    begins = [datetime.combine(day, time(), zone).astimezone(UTC) for day in days]
    places = [_place(as_of, moment) for moment in begins]
    for (day, moment, start), (_, _, end) in pairwise(zip(days, begins, places, strict=True)):
        if first <= start < end:
            yield Period(f"{day:%Y-%m}" if every == MONTH else f"week of {day}", start, end, moment)


def _first_days(every: str, earliest: date, latest: date) -> Iterator[date]:
    """Yield the first day of each month or week from the one of `earliest` to the one after `latest`'s."""
    day = earliest.replace(day=1) if every == MONTH else earliest - timedelta(days=earliest.weekday())
    while day <= latest:
        yield day
        day = (day + timedelta(days=32)).replace(day=1) if every == MONTH else day + timedelta(days=7)
    yield day
