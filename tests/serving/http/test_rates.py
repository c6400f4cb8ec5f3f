"""How often a caller may come, by a clock that goes when it is told to."""

from pathlib import Path

import pytest

from serving.http.rates import SLOTS, Rates
from tests.serving.http.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


def comes(rates: Rates, caller: int = 1) -> bool:
    """Let a caller come if it may; say whether it did."""
    if rates.wait_s(caller) > 0:
        return False
    rates.count(caller)
    return True


def test_after_a_pause_a_caller_may_come_so_often_at_once(clock: Clock) -> None:
    rates = Rates(per_s=2, at_once=5, now_s=clock)
    assert [comes(rates) for _ in range(7)] == [True] * 5 + [False] * 2
    clock.now_s += 1_000
    assert [comes(rates) for _ in range(7)] == [True] * 5 + [False] * 2


def test_then_it_may_come_at_the_steady_rate(clock: Clock) -> None:
    rates = Rates(per_s=2, at_once=1, now_s=clock)
    came = 0
    for _ in range(40):
        came += comes(rates)
        clock.now_s += 0.25
    assert came == 20


def test_it_is_told_how_long_to_wait_and_may_come_then(clock: Clock) -> None:
    rates = Rates(per_s=0.25, at_once=1, now_s=clock)
    rates.count(1)
    assert rates.wait_s(1) == pytest.approx(4)
    clock.now_s += rates.wait_s(1)
    assert comes(rates)


def test_what_was_refused_costs_nothing(clock: Clock) -> None:
    rates = Rates(per_s=1, at_once=1, now_s=clock)
    assert [comes(rates) for _ in range(100)] == [True] + [False] * 99
    clock.now_s += 1
    assert comes(rates)


def test_callers_do_not_take_from_each_other(clock: Clock) -> None:
    rates = Rates(per_s=1, at_once=1, now_s=clock)
    assert [comes(rates, caller) for caller in (1, 2, SLOTS - 1)] == [True] * 3


def test_workers_that_share_a_file_count_together(clock: Clock, tmp_path: Path) -> None:
    workers = [Rates(per_s=1, at_once=4, file=tmp_path / "rates", now_s=clock) for _ in range(2)]
    assert [comes(workers[turn % 2]) for turn in range(6)] == [True] * 4 + [False] * 2


def test_without_a_file_each_process_counts_for_itself(clock: Clock) -> None:
    one, other = (Rates(per_s=1, at_once=1, now_s=clock) for _ in range(2))
    assert (comes(one), comes(other)) == (True, True)
