"""Rounded numbers add up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from serving.reports.lead.adding_up import adding_up

points = st.floats(-500, 500, allow_nan=False)


@given(st.lists(points, max_size=60), st.integers(0, 3))
def test_rounded_values_add_up_to_the_rounded_sum_and_none_is_a_unit_away(values: list[float], digits: int) -> None:
    rounded = adding_up(values, digits)
    unit = 10.0**-digits
    assert sum(rounded) == pytest.approx(round(sum(values) / unit) * unit, abs=1e-6)
    assert all(abs(found - value) < unit + 1e-9 for found, value in zip(rounded, values, strict=True))


def test_values_that_need_no_rounding_stay() -> None:
    assert adding_up([14.1, -2.0, 0.3]) == [14.1, -2.0, 0.3]
    assert adding_up([]) == []
