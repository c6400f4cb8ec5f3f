"""Moments and spans of a working week, as the [sla] section writes them."""

import re
from dataclasses import dataclass
from datetime import time

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True)
class WeekTime:
    """A moment that comes once a week, in the company's time zone. `day` is 0 for Monday."""

    day: int
    time: time


@dataclass(frozen=True)
class BusinessHours:
    """The hours that count for clocks, in the company's time zone. `days` holds 0 for Monday."""

    days: tuple[int, ...]
    opens: time
    closes: time


def parse_week_time(text: str) -> WeekTime:
    """Read "Mon 09:00"; raises ValueError where it is not one.

    >>> parse_week_time("Wed 18:00")
    WeekTime(day=2, time=datetime.time(18, 0))
    """
    day, _, clock = text.strip().partition(" ")
    return WeekTime(_parse_day(day), _parse_clock(clock))


def parse_business_hours(text: str) -> BusinessHours:
    """Read "Mon-Fri 09:00-18:00"; raises ValueError where it is not one.

    >>> parse_business_hours("Mon-Fri 09:00-18:00").days
    (0, 1, 2, 3, 4)
    """
    days, _, clocks = text.strip().partition(" ")
    first, _, last = days.partition("-")
    opens, _, closes = clocks.partition("-")
    start, end = _parse_day(first), _parse_day(last or first)
    span = range(start, end + 1) if start <= end else (*range(start, len(DAYS)), *range(end + 1))
    hours = BusinessHours(tuple(span), _parse_clock(opens), _parse_clock(closes))
    if hours.opens >= hours.closes:
        raise ValueError(f"{closes} is not after {opens}")
    return hours


def _parse_day(text: str) -> int:
    try:
        return DAYS.index(text.strip().capitalize())
    except ValueError:
        raise ValueError(f"{text!r} is not a day") from None


def _parse_clock(text: str) -> time:
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        raise ValueError(f"{text!r} is not a time")
    return time(int(found[1]), int(found[2]))
