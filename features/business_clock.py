"""The clock that runs in business hours only: both teams' promises are counted on it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from features.config import Config
from features.config.week import BusinessHours, WeekTime

ROUND_THE_CLOCK = None  # no hours agreed: every hour counts
MINUTE = timedelta(minutes=1)
WEEK_DAYS = 7


@dataclass(frozen=True)
class BusinessClock:
    """A company's business hours in its time zone, without its holidays.

    A day is open from the first moment at which the clock on the wall shows `hours.opens` until the first at which
    it shows `hours.closes`, so daylight saving shortens or lengthens the day on which it starts or ends.
    """

    zone: ZoneInfo
    hours: BusinessHours | None = ROUND_THE_CLOCK
    holidays: frozenset[date] = frozenset()

    @classmethod
    def of(cls, config: Config) -> "BusinessClock":
        """Give the clock that [company] and [sla] describe."""
        return cls(config.company.zone, config.sla.business_hours, frozenset(config.sla.holidays))

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Give the business time from one moment to another, both with a zone; zero where `end` is not later.

        >>> clock = BusinessClock(ZoneInfo("Europe/Madrid"), BusinessHours((0, 1, 2, 3, 4), time(9), time(17)))
        >>> friday, monday = datetime(2026, 3, 6, 15, 30, tzinfo=UTC), datetime(2026, 3, 9, 8, 30, tzinfo=UTC)
        >>> clock.elapsed(friday, monday)
        datetime.timedelta(seconds=3600)
        """
        start, end = start.astimezone(UTC), end.astimezone(UTC)  # within one zone, Python counts by the wall
        if end <= start:
            return timedelta(0)
        if self.hours is None and not self.holidays:
            return end - start
        passed = (min(end, closes) - max(start, opens) for opens, closes in self._open_spans(start, end))
        return sum((each for each in passed if each > timedelta(0)), timedelta(0))

    def _open_spans(self, start: datetime, end: datetime) -> Iterator[tuple[datetime, datetime]]:
        day, last = start.astimezone(self.zone).date(), end.astimezone(self.zone).date()
        while day <= last:
            if day not in self.holidays and (self.hours is None or day.weekday() in self.hours.days):
                yield self._open_span(day)
            day += timedelta(days=1)

    def _open_span(self, day: date) -> tuple[datetime, datetime]:
        if self.hours is None:
            return first_shown(day, time(0), self.zone), first_shown(day + timedelta(days=1), time(0), self.zone)
        return first_shown(day, self.hours.opens, self.zone), first_shown(day, self.hours.closes, self.zone)


def first_at_or_after(moment: datetime, at: WeekTime, zone: ZoneInfo) -> datetime:
    """Give the first time from `moment` on that the week's agreed time comes round, in UTC.

    >>> first_at_or_after(datetime(2026, 3, 5, tzinfo=UTC), WeekTime(0, time(9)), ZoneInfo("Europe/Madrid"))
    datetime.datetime(2026, 3, 9, 8, 0, tzinfo=datetime.timezone.utc)
    """
    today = moment.astimezone(zone).date()
    day = today + timedelta(days=(at.day - today.weekday()) % WEEK_DAYS)
    found = first_shown(day, at.time, zone)
    return found if found >= moment else first_shown(day + timedelta(days=WEEK_DAYS), at.time, zone)


@lru_cache(maxsize=65_536)
def first_shown(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """Give the first moment of a local day, in UTC, at which the clock on the wall shows `clock` or later.

    Where daylight saving shows a time twice, it is the first; where it skips the time, the moment of the skip.
    """
    wall = datetime.combine(day, clock)
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    moment = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)  # before the skip
    while moment.astimezone(zone).replace(tzinfo=None) < wall:
        moment += MINUTE
    return moment
