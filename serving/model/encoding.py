"""From typed features to the one ordered row of float64 that both parts of the model read.

A number or flag becomes one column (NaN where missing). A category becomes a 0/1 column per known level and one,
"other", for rare and unseen levels. A feature that was ever missing in training has a 0/1 column that says so.
What the levels are is fitted on training leads only and travels in the bundle.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.attributes import Kind
from features.catalog import Catalog

Value = float | str | None


class Role(StrEnum):
    """What a column says of its feature."""

    NUMBER = "number"
    LEVEL = "level"
    OTHER = "other"
    MISSING = "missing"


@dataclass(frozen=True)
class Column:
    """One column of the matrix: the index of its feature in the catalogue, what it says, and which level."""

    feature: int
    role: Role
    level: str | None = None

    def to_json(self) -> list[Any]:
        """Give the column as plain JSON values."""
        return [self.feature, self.role.value, self.level]

    @classmethod
    def from_json(cls, value: Sequence[Any]) -> "Column":
        """Read back what `to_json` gave."""
        feature, role, level = value
        return cls(int(feature), Role(role), level)


@dataclass(frozen=True)
class _RowPlan:
    """Where one feature's value goes in a row."""

    number: int | None
    missing: int | None
    other: int | None
    levels: dict[str, int]


@dataclass(frozen=True)
class Encoder:
    """Turns features, in catalogue order, into columns, in this order."""

    catalog: Catalog
    columns: tuple[Column, ...]

    @cached_property
    def feature_of_column(self) -> NDArray[np.intp]:
        """Give the index of each column's feature, int[c]."""
        return np.array([column.feature for column in self.columns], dtype=np.intp)

    @cached_property
    def _plans(self) -> tuple[_RowPlan, ...]:
        plans = []
        for index in range(len(self.catalog.features)):
            own = {(column.role, column.level): at for at, column in enumerate(self.columns) if column.feature == index}
            levels = {level: at for (role, level), at in own.items() if role is Role.LEVEL and level is not None}
            number, missing, other = (own.get((role, None)) for role in (Role.NUMBER, Role.MISSING, Role.OTHER))
            plans.append(_RowPlan(number, missing, other, levels))
        return tuple(plans)

    @cached_property
    def _levels_at(self) -> tuple[tuple[int, dict[str, int]], ...]:
        """Give the index of each category feature, with its levels that have a column of their own."""
        pairs = enumerate(zip(self.catalog.features, self._plans, strict=True))
        return tuple((at, plan.levels) for at, (feature, plan) in pairs if feature.kind is Kind.CATEGORY)

    def levels(self) -> dict[str, tuple[str, ...]]:
        """Give, by name of each category feature, the levels that have a column of their own."""
        named = zip(self.catalog.features, self._plans, strict=True)
        return {feature.name: tuple(plan.levels) for feature, plan in named if feature.kind is Kind.CATEGORY}

    def encode_table(self, features: pl.DataFrame) -> NDArray[np.float64]:
        """Give the matrix float64[n, c], columns contiguous, of a feature table with n rows."""
        matrix = np.zeros((features.height, len(self.columns)), dtype=np.float64, order="F")
        for feature, plan in zip(self.catalog.features, self._plans, strict=True):
            series = features[feature.name]
            if plan.missing is not None:
                matrix[:, plan.missing] = series.is_null().to_numpy()
            if plan.number is not None:
                matrix[:, plan.number] = series.fill_null(float("nan")).to_numpy()
            elif plan.levels or plan.other is not None:
                self._encode_levels(matrix, series, plan)
        return matrix

    @staticmethod
    def _encode_levels(matrix: NDArray[np.float64], series: pl.Series, plan: _RowPlan) -> None:
        unknown = -1 if plan.other is None else plan.other
        targets = series.replace_strict(plan.levels, default=unknown, return_dtype=pl.Int64)
        columns = targets.set(series.is_null(), -1).to_numpy()
        rows = np.flatnonzero(columns >= 0)
        matrix[rows, columns[rows]] = 1.0

    def encode_row(self, values: Sequence[Value]) -> NDArray[np.float64]:
        """Give the row float64[c] of one lead's feature values, in catalogue order."""
        row = np.zeros(len(self.columns), dtype=np.float64)
        for value, plan in zip(values, self._plans, strict=True):
            if value is None:
                if plan.missing is not None:
                    row[plan.missing] = 1.0
                if plan.number is not None:
                    row[plan.number] = np.nan
            elif plan.number is not None:
                row[plan.number] = value
            else:
                at = plan.levels.get(str(value), plan.other)
                if at is not None:
                    row[at] = 1.0
        return row

    def unseen(self, values: Sequence[Value]) -> list[int]:
        """Give the indices of category features whose value has no column of its own (rare or never seen)."""
        return [at for at, levels in self._levels_at if values[at] is not None and values[at] not in levels]
