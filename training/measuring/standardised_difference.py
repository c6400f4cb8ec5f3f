"""How far two groups of leads differ in one feature, on a scale that compares features of any unit.

The difference of means over the standard deviation within the groups (Cohen, 1969). Below .1 two groups count as
balanced (Austin, "An Introduction to Propensity Score Methods", 2011).
"""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.attributes import Kind, Side
from features.feature import Feature

BALANCED = 0.1
MOST_LEVELS = 20  # of a category, the most common


@dataclass(frozen=True)
class Difference:
    """One feature, or one level of it, in two groups of leads.

    first, second: the mean of a number, or the share of leads with that level or without a value, in each group.
    difference: the first minus the second, in standard deviations; above 0 the first group has more.
    """

    feature: str
    what: str
    side: Side
    first: float
    second: float
    difference: float

    def to_json(self) -> dict[str, Any]:
        """Give the difference as plain JSON values."""
        return asdict(self) | {"side": self.side.value}


def differences(feature: Feature, values: pl.Series, is_first: NDArray[np.bool_]) -> Iterator[Difference]:
    """Give what differs between the leads where `is_first` is true and the others, a row per level of a category."""
    missing = values.is_null()
    if feature.kind is Kind.CATEGORY:
        counts = values.drop_nulls().value_counts(sort=True)
        for level in counts[values.name].head(MOST_LEVELS).to_list():
            same = (values == level).fill_null(value=False)
            yield from _difference(feature, f"{feature.title} is {level}", same, is_first)
    else:
        yield from _difference(feature, feature.title, values, is_first)
    yield from _difference(feature, f"{feature.title} is not known", missing, is_first)


def _difference(feature: Feature, what: str, values: pl.Series, is_first: NDArray[np.bool_]) -> Iterator[Difference]:
    """Give the difference; nothing where a group has no value, or where all leads are alike."""
    numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    known = ~np.isnan(numbers)
    first, second = numbers[is_first & known], numbers[~is_first & known]
    if not len(first) or not len(second):
        return
    spread = float(np.sqrt((first.var() + second.var()) / 2))
    if spread > 0:
        means = float(first.mean()), float(second.mean())
        yield Difference(feature.name, what, feature.side, *means, (means[0] - means[1]) / spread)
