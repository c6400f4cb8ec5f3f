"""Folds go forward in time and hold both outcomes."""

import numpy as np
import pytest

from training.fitting.walk_forward import folds, thinned


def test_four_folds_each_test_on_what_came_right_after_their_fit() -> None:
    found = folds(np.tile([0.0, 0.0, 1.0], 100))

    assert [(fold.start, fold.end) for fold in found] == [(120, 165), (165, 210), (210, 255), (255, 300)]


def test_folds_with_too_few_outcomes_of_a_kind_are_left_out() -> None:
    y = np.tile([0.0, 1.0], 100)
    y[110:140] = 0.0

    assert [(fold.start, fold.end) for fold in folds(y)] == [(80, 110), (140, 170), (170, 200)]
    assert folds(np.array([0.0, 1.0] * 10)) == ()


@pytest.mark.parametrize(("leads", "most"), [(100, 40), (41, 40), (1_000, 7)])
def test_thinning_keeps_the_newest_and_spreads_over_the_older(leads: int, most: int) -> None:
    rows = thinned(leads, most)

    assert len(rows) == most
    assert (np.diff(rows) > 0).all()
    assert rows[0] == 0
    assert rows[-(most // 2) :].tolist() == list(range(leads - most // 2, leads))
    assert thinned(most, most).tolist() == list(range(most))
