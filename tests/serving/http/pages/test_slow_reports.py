"""A report that took long is kept for a minute; one that did not is made anew."""

import pytest

from serving.http.pages.slow_reports import FRESH_S, MOST, SLOW_S, SlowReports

LONG_S = 2 * SLOW_S


class Clock:
    """A clock that goes on only when told."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        return self.now_s


class Making:
    """Makes numbered reports, each of which takes a while."""

    def __init__(self, clock: Clock, takes_s: float) -> None:
        self._clock, self._takes_s, self.made = clock, takes_s, 0

    def __call__(self) -> int:
        self._clock.now_s += self._takes_s
        self.made += 1
        return self.made


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def reports(clock: Clock) -> SlowReports:
    return SlowReports(clock)


def test_a_slow_report_is_kept_for_a_minute_from_when_it_was_begun(clock: Clock, reports: SlowReports) -> None:
    make = Making(clock, takes_s=LONG_S)
    assert [reports.of("a", make), reports.of("a", make), reports.of("b", make)] == [1, 1, 2]
    clock.now_s += FRESH_S - 3 * LONG_S
    assert reports.of("a", make) == 1
    clock.now_s += 2 * LONG_S
    assert reports.of("a", make) == 3


def test_a_quick_report_is_made_anew(clock: Clock, reports: SlowReports) -> None:
    make = Making(clock, takes_s=SLOW_S / 2)
    assert [reports.of("a", make), reports.of("a", make)] == [1, 2]


def test_the_oldest_report_goes_when_there_are_too_many(clock: Clock, reports: SlowReports) -> None:
    make = Making(clock, takes_s=LONG_S)
    for key in range(MOST + 1):
        reports.of(key, make)
    assert reports.of(MOST, make) == MOST + 1
    assert reports.of(0, make) == MOST + 2


def test_a_report_that_cannot_be_made_is_not_kept(clock: Clock, reports: SlowReports) -> None:
    def fail() -> int:
        clock.now_s += LONG_S
        raise RuntimeError("no store")

    with pytest.raises(RuntimeError, match="no store"):
        reports.of("a", fail)
    assert reports.of("a", Making(clock, LONG_S)) == 1
