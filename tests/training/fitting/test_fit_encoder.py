"""Which columns the model reads is found on training leads alone."""

from collections.abc import Sequence

import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from serving.model.encoding import Role
from training.fitting.encoding import MOST_LEVELS, fit_encoder

CATALOG = build_catalog(
    [Attribute("sector", Side.FIT, Kind.CATEGORY), Attribute("employees", Side.FIT, Kind.NUMBER)], []
)


def columns(sector: Sequence[str | None], employees: Sequence[float | None]) -> list[tuple[int, Role, str | None]]:
    schema = {"sector": pl.String, "employees": pl.Float64}
    encoder = fit_encoder(pl.DataFrame({"sector": sector, "employees": employees}, schema=schema), CATALOG)
    return [(column.feature, column.role, column.level) for column in encoder.columns]


def test_common_levels_have_a_column_and_rare_ones_share_one() -> None:
    found = columns(["b"] * 10 + ["a"] * 12 + ["rare"] * 9, [1.0] * 31)

    assert found == [(0, Role.LEVEL, "a"), (0, Role.LEVEL, "b"), (0, Role.OTHER, None), (1, Role.NUMBER, None)]


def test_a_level_needs_more_leads_where_there_are_many() -> None:
    found = columns(["few"] * 20 + ["enough"] * 22 + ["most"] * 10_958, [1.0] * 11_000)

    assert [level for _, role, level in found if role is Role.LEVEL] == ["enough", "most"]


def test_what_was_ever_missing_has_a_column_that_says_so() -> None:
    found = columns(["a"] * 19 + [None], [None] + [2.0] * 19)

    assert [(feature, role) for feature, role, _ in found if role is Role.MISSING] == [
        (0, Role.MISSING),
        (1, Role.MISSING),
    ]


def test_a_number_that_is_always_missing_has_no_column_of_its_own() -> None:
    assert columns(["a"] * 20, [None] * 20)[-1] == (1, Role.MISSING, None)


@pytest.mark.parametrize("spare", [0, 7])
def test_a_feature_has_a_bounded_number_of_levels_the_most_common_ones(spare: int) -> None:
    names = [f"level {at:03}" for at in range(MOST_LEVELS + spare)]
    sector = [name for at, name in enumerate(names) for _ in range(200 - at)]
    found = columns(sector, [1.0] * len(sector))

    assert [level for _, role, level in found if role is Role.LEVEL] == names[:MOST_LEVELS]
