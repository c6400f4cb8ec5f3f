"""A category as the CRM has it."""

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from features.attributes import Kind
from features.lead import AttributeValue
from features.primitives.primitive import AttributePrimitive, FeatureValue


@dataclass(frozen=True)
class CategoryValue(AttributePrimitive):
    """The level itself; an empty text is missing."""

    kind: ClassVar[str] = "category_value"
    gives: ClassVar[Kind] = Kind.CATEGORY
    unit: ClassVar[str] = "level"
    missing: ClassVar[str] = "not known"

    def expression(self, column: pl.Expr, as_of: pl.Expr) -> pl.Expr:  # noqa: ARG002 (other attributes need it)
        """Give the column with empty texts as null."""
        text = column.cast(pl.String)
        return pl.when(text != "").then(text)

    def value(self, raw: AttributeValue, as_of_us: int) -> str | None:  # noqa: ARG002 (other attributes need it)
        """Give the level."""
        if raw is None or isinstance(raw, str):
            return raw or None
        raise TypeError(f"a text is needed, not {raw!r}")

    def say(self, value: FeatureValue, subject: str) -> str:
        """Say "sector is software"."""
        return f"{subject} is {'not known' if value is None else value}"

    def describe(self, subject: str) -> str:
        """Say that the level is taken as it is."""
        return f"{subject} as it is"
