"""Business time against counting minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.business_clock import BusinessClock, first_at_or_after, first_shown
from features.config.week import BusinessHours, WeekTime, parse_business_hours

ZONES = ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "America/Sao_Paulo", "UTC")
MINUTE = timedelta(minutes=1)
MADRID = ZoneInfo("Europe/Madrid")
OFFICE = parse_business_hours("Mon-Fri 09:00-17:00")


def minute_by_minute(clock: BusinessClock, start: datetime, end: datetime) -> int:
    """Watch the clock on the wall from two days before: a day opens when it shows `opens`, and closes at `closes`."""
    hours = clock.hours
    assert hours is not None
    opened: set[date] = set()
    closed: set[date] = set()
    minutes, moment = 0, start - timedelta(days=2)
    while moment < end:
        wall = moment.astimezone(clock.zone)
        if wall.time() >= hours.opens:
            opened.add(wall.date())
        if wall.time() >= hours.closes:
            closed.add(wall.date())
        works = wall.weekday() in hours.days and wall.date() not in clock.holidays
        minutes += works and wall.date() in opened - closed and moment >= start
        moment += MINUTE
    return minutes


clocks = st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 30, 45])).map(lambda found: time(*found))
hours = st.builds(
    lambda days, ends: BusinessHours(tuple(sorted(days)), min(ends), max(ends)),
    st.sets(st.integers(0, 6), min_size=1),
    st.sets(clocks, min_size=2, max_size=2),
)
# around the changes to and from daylight saving of 2026, where it is hard
days_near_a_change = st.sampled_from([date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 25)])


spans = st.tuples(days_near_a_change, st.integers(-2_000, 2_000), st.integers(0, 4_000))


@given(st.sampled_from(ZONES), hours, spans, st.sets(st.integers(-1, 1)))
def test_business_time_is_what_counting_minutes_gives(
    zone: str, hours: BusinessHours, when: tuple[date, int, int], free: set[int]
) -> None:
    day, offset, span = when
    start = datetime.combine(day, time(0), UTC) + offset * MINUTE
    clock = BusinessClock(ZoneInfo(zone), hours, frozenset(day + timedelta(days=each) for each in free))
    assert clock.elapsed(start, start + span * MINUTE) == minute_by_minute(clock, start, start + span * MINUTE) * MINUTE


@given(st.integers(0, 5_000), st.integers(0, 5_000), st.integers(0, 5_000))
def test_business_time_adds_up_over_a_moment_between(first: int, second: int, third: int) -> None:
    one, two, three = (datetime(2026, 3, 27, tzinfo=UTC) + at * MINUTE for at in sorted((first, second, third)))
    clock = BusinessClock(MADRID, OFFICE)
    assert clock.elapsed(one, two) + clock.elapsed(two, three) == clock.elapsed(one, three)


def test_friday_afternoon_to_monday_morning_is_one_hour() -> None:
    clock = BusinessClock(MADRID, OFFICE)
    friday, monday = datetime(2026, 3, 6, 16, 30, tzinfo=MADRID), datetime(2026, 3, 9, 9, 30, tzinfo=MADRID)
    assert clock.elapsed(friday, monday) == timedelta(hours=1)
    assert clock.elapsed(monday, friday) == timedelta(0)


def test_on_a_holiday_no_business_hour_passes() -> None:
    clock = BusinessClock(MADRID, OFFICE, frozenset({date(2026, 3, 9)}))
    assert clock.elapsed(datetime(2026, 3, 9, tzinfo=MADRID), datetime(2026, 3, 10, tzinfo=MADRID)) == timedelta(0)


def test_without_agreed_hours_every_hour_counts_but_those_of_holidays() -> None:
    start, end = datetime(2026, 3, 28, 12, tzinfo=MADRID), datetime(2026, 3, 30, 12, tzinfo=MADRID)
    assert BusinessClock(MADRID).elapsed(start, end) == timedelta(hours=47)  # the night of the 29th lacks an hour
    without = BusinessClock(MADRID, holidays=frozenset({date(2026, 3, 29)}))
    assert without.elapsed(start, end) == timedelta(hours=24)


@pytest.mark.parametrize(
    ("moment", "found"),
    [
        (datetime(2026, 3, 9, 9, tzinfo=MADRID), datetime(2026, 3, 9, 9, tzinfo=MADRID)),
        (datetime(2026, 3, 9, 9, 1, tzinfo=MADRID), datetime(2026, 3, 16, 9, tzinfo=MADRID)),
        (datetime(2026, 3, 28, tzinfo=MADRID), datetime(2026, 3, 30, 9, tzinfo=MADRID)),
    ],
)
def test_the_agreed_time_of_the_week_keeps_its_place_on_the_clock(moment: datetime, found: datetime) -> None:
    assert first_at_or_after(moment, WeekTime(0, time(9)), MADRID) == found


def test_a_time_that_daylight_saving_skips_is_the_moment_of_the_skip() -> None:
    assert first_shown(date(2026, 3, 29), time(2, 30), MADRID) == datetime(2026, 3, 29, 1, tzinfo=UTC)
