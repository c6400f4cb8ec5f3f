"""A miss is told by its own rule, and by no other."""

import numpy as np
import pytest

from serving.reports.agreement.clocks import Clock
from serving.reports.agreement.delivered import Delivered, Handling
from serving.reports.agreement.misses import Miss, Promise, misses_of
from serving.reports.counted import Counted

PROMISE = Promise(leads=50, good_fit_share=0.4, is_complete=True)
NO_CLOCK = Clock.of(np.empty(0, np.int64))
V, Q, S, C = Miss.VOLUME, Miss.QUALITY, Miss.SPEED, Miss.CAPACITY


def delivered(leads: int = 50, good_fit: int = 20, late: int = 0, waiting: int = 0, sqls: int = 10) -> Delivered:
    counted = Counted(leads=leads, judged=50, scored=50, sqls=sqls, scored_sqls=sqls, expected=10.0, variance=8.0)
    handling = Handling(50, good_fit, leads, leads - late - waiting, late, waiting)
    return Delivered(counted, handling, NO_CLOCK, NO_CLOCK)


@pytest.mark.parametrize(
    ("made", "misses"),
    [
        (delivered(), ()),
        (delivered(leads=49), (V,)),
        (delivered(leads=51), ()),
        (delivered(good_fit=19), (Q,)),
        (delivered(sqls=4), ()),  # 6 fewer than expected: half a lead and 1.96 times 2.83 are 6.04
        (delivered(sqls=3), (Q,)),
        (delivered(sqls=25), ()),
        (delivered(late=1), (S,)),
        (delivered(waiting=1), (S,)),
        (delivered(leads=40, late=1), (V, S)),
        (delivered(leads=60, late=5, waiting=5), (C,)),  # 50 were worked in time, as promised
        (delivered(leads=60, late=5, waiting=6), (S, C)),
        (delivered(leads=30, good_fit=2, waiting=30, sqls=0), (V, Q, S)),
    ],
)
def test_each_promise_is_judged_by_itself(made: Delivered, misses: tuple[Miss, ...]) -> None:
    assert misses_of(made, PROMISE) == misses


def test_a_miss_beside_many_other_weeks_takes_more_than_one_alone() -> None:
    assert misses_of(delivered(sqls=3), PROMISE, comparisons=26) == ()


def test_what_is_still_gathered_is_not_judged_by_number_or_fit() -> None:
    gathered = Promise(leads=50, good_fit_share=0.4, is_complete=False)
    assert misses_of(delivered(leads=3, good_fit=0), gathered) == ()


def test_what_was_not_promised_is_not_missed() -> None:
    nothing = Promise(None, None, is_complete=True)
    assert misses_of(delivered(leads=1, good_fit=0), nothing) == ()
    assert misses_of(delivered(leads=500, late=1), nothing) == (S,)


def test_without_grades_the_fit_is_not_judged() -> None:
    made = Delivered(Counted(leads=50), Handling(), NO_CLOCK, NO_CLOCK)
    assert misses_of(made, PROMISE) == ()
