"""How far two groups differ, against a slow reference."""

import numpy as np
import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from training.measuring.standardised_difference import differences

CATEGORY, NUMBER = build_catalog(
    [Attribute("sector", Side.FIT, Kind.CATEGORY), Attribute("employees", Side.FIT, Kind.NUMBER)], []
).features
FIRST = np.array([True, True, True, True, False, False, False, False])


def test_a_number_is_compared_by_its_mean_in_standard_deviations_within_the_groups() -> None:
    values = [1.0, 2.0, 3.0, 6.0, 0.0, 1.0, 1.0, 4.0]
    (found,) = differences(NUMBER, pl.Series(values), FIRST)

    spread = np.sqrt((np.var(values[:4]) + np.var(values[4:])) / 2)
    assert (found.first, found.second) == (3.0, 1.5)
    assert found.difference == pytest.approx((3.0 - 1.5) / spread)


def test_a_category_is_compared_level_by_level_as_shares() -> None:
    values = pl.Series(["a", "a", "a", "b", "a", "b", "b", "b"])
    found = {each.what: each for each in differences(CATEGORY, values, FIRST)}

    assert set(found) == {"sector is a", "sector is b"}
    assert (found["sector is a"].first, found["sector is a"].second) == (0.75, 0.25)
    assert found["sector is a"].difference == pytest.approx(0.5 / np.sqrt(0.1875))
    assert found["sector is b"].difference == pytest.approx(-found["sector is a"].difference)


def test_missing_values_are_a_difference_of_their_own() -> None:
    values = pl.Series([None, None, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0])
    by_what = {each.what: each for each in differences(NUMBER, values, FIRST)}

    assert by_what["employees is not known"].first == 0.5
    assert by_what["employees"].difference == pytest.approx(0)


@pytest.mark.parametrize("is_first", [np.ones(8, dtype=bool), np.zeros(8, dtype=bool)])
def test_one_group_alone_differs_from_nothing(is_first: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
    assert list(differences(NUMBER, pl.Series([1.0] * 4 + [2.0] * 4), is_first)) == []


def test_what_all_leads_share_is_no_difference() -> None:
    assert list(differences(NUMBER, pl.Series([7.0] * 8), FIRST)) == []
