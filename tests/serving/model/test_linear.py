"""The linear part reads one lead as it reads a table, to the last bit, and as numpy interpolates."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from serving.model.linear import Knots, LinearPart
from serving.model.linear_row import LinearRow

numbers = st.floats(-1e15, 1e15).map(lambda number: round(number, 6))
knots = st.lists(st.tuples(numbers, numbers), min_size=1, max_size=8).map(
    lambda pairs: Knots(np.array(sorted(x for x, _ in pairs)), np.array(sorted(y for _, y in pairs)), missing=0.25)
)


@settings(max_examples=300, deadline=None, derandomize=True)
@given(columns=st.lists(st.tuples(knots, numbers | st.just(float("nan"))), min_size=1, max_size=5))
def test_numbers_of_one_lead_are_mapped_as_in_a_table_to_the_last_bit(columns: list[tuple[Knots, float]]) -> None:
    count = len(columns)
    part = LinearPart(0.0, np.ones(count), {at: each for at, (each, _) in enumerate(columns)})
    at_knots = [[each.xs[at % len(each.xs)] for each, _ in columns] for at in range(8)]
    for values in ([value for _, value in columns], *at_knots):
        row, features = np.array(values), np.arange(count)
        expected = [each.apply(row[[at]])[0] for at, (each, _) in enumerate(columns)]
        assert LinearRow(part, features, 1.0, count).contributions(row).tolist() == expected


def test_between_knots_it_is_a_straight_line_and_outside_it_is_flat() -> None:
    chance = np.random.default_rng(5)
    xs, values = np.unique(chance.normal(size=50)), chance.normal(scale=2, size=1_000)
    ys = np.sort(chance.normal(size=50))
    mapped = Knots(xs, ys).apply(np.append(values, [np.inf, -np.inf]))
    np.testing.assert_allclose(mapped, np.interp(np.append(values, [np.inf, -np.inf]), xs, ys), atol=1e-12)


def test_a_missing_number_is_read_as_declared() -> None:
    knots = Knots(np.array([0.0, 1.0]), np.array([-1.0, 1.0]), missing=0.5)
    assert knots.apply(np.array([np.nan])).tolist() == [0.5]


@pytest.mark.parametrize("seed", range(5))
def test_one_lead_gets_what_it_gets_in_a_table_to_the_last_bit(seed: int) -> None:
    chance = np.random.default_rng(seed)
    matrix = chance.normal(size=(40, 9))
    matrix[chance.random(matrix.shape) < 0.1] = np.nan
    matrix[:, 6:] = np.nan_to_num(matrix[:, 6:]) > 0
    weights = np.where(chance.random(9) < 0.2, 0.0, chance.normal(size=9))
    xs = np.array([-1.0, 0.0, 0.7])
    part = LinearPart(0.1, weights, {at: Knots(xs, chance.normal(size=3)) for at in range(6)})
    features = np.array([0, 1, 1, 2, 3, 3, 4, 4, 0])
    added = np.zeros((40, 5))
    part.add_contributions(matrix, features, 0.37, added)
    linear_row = LinearRow(part, features, 0.37, 5)
    assert [linear_row.contributions(row).tolist() for row in matrix] == added.tolist()


def test_a_part_without_weights_adds_nothing() -> None:
    part = LinearPart(-1.0, np.zeros(3), {0: Knots(np.zeros(1), np.zeros(1))})
    assert LinearRow(part, np.array([0, 1, 1]), 1.0, 2).contributions(np.ones(3)).tolist() == [0.0, 0.0]
