"""The busy clock keeps order, comes back to the same moment, and stands still when nobody works."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.simulation.rhythm import HAND_OVERS, OFFICE, VISITS, WEEK_S

MONDAY_NOON_S = 4 * 86_400 + 12 * 3600  # 5 January 1970


@settings(derandomize=True)
@given(st.integers(0, 2_000_000_000))
def test_visits_come_back_to_the_same_moment(moment_s: int) -> None:
    there = VISITS.busy_weeks(np.array([moment_s]))
    assert abs(int(VISITS.moments(there)[0]) - moment_s) <= 1


@settings(derandomize=True)
@given(st.lists(st.floats(0, 3_000), min_size=2))
def test_later_on_the_busy_clock_is_never_earlier(busy_weeks: list[float]) -> None:
    for rhythm in (VISITS, HAND_OVERS, OFFICE):
        assert (np.diff(rhythm.moments(np.sort(np.array(busy_weeks)))) >= 0).all()


def test_a_busy_week_is_a_week() -> None:
    moments = np.array([MONDAY_NOON_S, MONDAY_NOON_S + WEEK_S])
    assert np.diff(VISITS.busy_weeks(moments)) == pytest.approx([1])


def test_the_office_decides_from_nine_to_six_on_working_days_only() -> None:
    at_s = OFFICE.moments(np.linspace(2_000, 2_010, 5_000))
    weekday, hour = (at_s // 86_400 + 3) % 7, at_s % 86_400 // 3600
    assert set(weekday) == {0, 1, 2, 3, 4}
    assert set(hour) == set(range(9, 18))


def test_nobody_hands_over_at_night_when_clocks_change() -> None:
    hour = HAND_OVERS.moments(np.linspace(2_000, 2_010, 5_000)) % 86_400 // 3600
    assert hour.min() >= 7
    assert hour.max() < 22
