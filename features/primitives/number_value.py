"""A number or a flag as the CRM has it."""

from dataclasses import dataclass
from math import isnan
from typing import ClassVar

import polars as pl

from features.attributes import Kind
from features.lead import AttributeValue
from features.primitives.primitive import AttributePrimitive, FeatureValue
from features.words import number


@dataclass(frozen=True)
class NumberValue(AttributePrimitive):
    """The number itself; a NaN is missing."""

    kind: ClassVar[str] = "number_value"
    unit: ClassVar[str] = "as in the data"
    missing: ClassVar[str] = "not known"

    def expression(self, column: pl.Expr, as_of: pl.Expr) -> pl.Expr:  # noqa: ARG002 (other attributes need it)
        """Give the column with NaN as null."""
        return column.cast(pl.Float64).fill_nan(None)

    def value(self, raw: AttributeValue, as_of_us: int) -> float | None:  # noqa: ARG002 (other attributes need it)
        """Give the number as float."""
        if raw is None:
            return None
        if not isinstance(raw, int | float):
            raise TypeError(f"a number is needed, not {raw!r}")
        return None if isnan(raw) else float(raw)

    def say(self, value: FeatureValue, subject: str) -> str:
        """Say "employees is 120"."""
        return f"{subject} is {number(value) if isinstance(value, float) else 'not known'}"

    def describe(self, subject: str) -> str:
        """Say that the number is taken as it is."""
        return f"{subject} as it is"


@dataclass(frozen=True)
class FlagValue(NumberValue):
    """1.0 for yes, 0.0 for no."""

    kind: ClassVar[str] = "flag_value"
    gives: ClassVar[Kind] = Kind.FLAG
    unit: ClassVar[str] = "yes or no"

    def say(self, value: FeatureValue, subject: str) -> str:
        """Say "opted in: yes"."""
        return f"{subject}: {'not known' if value is None else 'yes' if value else 'no'}"

    def describe(self, subject: str) -> str:
        """Say what 1 and 0 mean."""
        return f"{subject}: 1 for yes, 0 for no"
