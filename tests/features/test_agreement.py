"""When leads are delivered and due, against looking at the clock on the wall minute by minute."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.agreement import Agreement
from features.business_clock import BusinessClock
from features.config import Sla
from features.config.week import WeekTime, parse_business_hours

ZONES = ("Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")
MADRID = ZoneInfo("Europe/Madrid")
MINUTE, WEEK = timedelta(minutes=1), timedelta(days=7)
CHANGES = (date(2026, 3, 8), date(2026, 3, 29), date(2026, 4, 5), date(2026, 10, 25), date(2026, 11, 1))

zones = st.sampled_from(ZONES).map(ZoneInfo)
week_times = st.builds(
    WeekTime, st.integers(0, 6), st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30, 45]))
)
moments = st.builds(
    lambda day, minutes: datetime.combine(day, time(0), UTC) + minutes * MINUTE,
    st.sampled_from(CHANGES),
    st.integers(-10_080, 4_320),
)


def agreed(zone: ZoneInfo, deliver_by: WeekTime | None, qualify_by: WeekTime | None) -> Agreement:
    return Agreement(Sla.model_construct(deliver_by=deliver_by, qualify_by=qualify_by), zone)


def minute_by_minute(start: datetime, at: WeekTime, zone: ZoneInfo) -> datetime:
    """Watch the wall from `start` on: give the first minute of the right day on which it shows the time, or passes it.

    A day that had shown it before `start` has had its moment; the wall is looked at from two days before on.
    """
    shown: set[date] = set()
    moment = start.replace(second=0, microsecond=0) - timedelta(days=2)
    while True:
        wall = moment.astimezone(zone)
        if wall.weekday() == at.day and wall.time() >= at.time and wall.date() not in shown:
            if moment >= start:
                return moment
            shown.add(wall.date())
        moment += MINUTE


@settings(max_examples=50, deadline=None)
@given(zones, week_times, week_times, moments)
def test_a_lead_is_due_when_the_wall_says_so(
    zone: ZoneInfo, deliver_by: WeekTime, qualify_by: WeekTime, handed_over_at: datetime
) -> None:
    agreement = agreed(zone, deliver_by, qualify_by)
    delivered_at = minute_by_minute(handed_over_at, deliver_by, zone)
    assert agreement.delivered_at(handed_over_at) == delivered_at
    assert agreement.due_at(handed_over_at) == minute_by_minute(delivered_at, qualify_by, zone)


@given(zones, week_times, moments)
def test_every_lead_is_in_a_delivery_that_is_complete_as_it_is_delivered(
    zone: ZoneInfo, deliver_by: WeekTime, handed_over_at: datetime
) -> None:
    agreement = agreed(zone, deliver_by, None)
    delivered_at = agreement.delivered_at(handed_over_at)
    week = agreement.week_of(delivered_at)
    assert week.weekday() == 0
    assert agreement.closes_at(week) == delivered_at
    assert agreement.closes_at(week - WEEK) < handed_over_at <= delivered_at


@given(zones, moments)
def test_without_a_time_of_delivery_a_lead_is_in_the_week_in_which_it_is_handed_over(
    zone: ZoneInfo, handed_over_at: datetime
) -> None:
    agreement = agreed(zone, None, None)
    week = agreement.week_of(agreement.delivered_at(handed_over_at))
    assert agreement.due_at(handed_over_at) is None
    assert agreement.closes_at(week - WEEK) <= handed_over_at < agreement.closes_at(week)


@pytest.mark.parametrize(
    ("handed_over_at", "due_at", "hours"),
    [
        (datetime(2026, 3, 19, 11, tzinfo=UTC), datetime(2026, 3, 25, 17, tzinfo=UTC), 6 + 9 + 9 + 9 + 9),
        (datetime(2026, 3, 26, 11, tzinfo=UTC), datetime(2026, 4, 1, 16, tzinfo=UTC), 6 + 9 + 9 + 9 + 9),  # summer time
        (datetime(2026, 4, 2, 10, tzinfo=UTC), datetime(2026, 4, 8, 16, tzinfo=UTC), 6 + 0 + 9 + 9 + 9),  # Good Friday
    ],
)
def test_a_holiday_takes_hours_from_the_clock_and_moves_no_promise(
    handed_over_at: datetime, due_at: datetime, hours: int
) -> None:
    agreement = agreed(MADRID, WeekTime(0, time(9)), WeekTime(2, time(18)))
    clock = BusinessClock(MADRID, parse_business_hours("Mon-Fri 09:00-18:00"), frozenset({date(2026, 4, 3)}))
    assert agreement.due_at(handed_over_at) == due_at
    assert clock.elapsed(handed_over_at, due_at) == timedelta(hours=hours)
