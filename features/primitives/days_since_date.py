"""How long ago a date of the CRM lies."""

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

import polars as pl

from features.lead import AttributeValue
from features.primitives.instants import DAY_US, microseconds
from features.primitives.primitive import AttributePrimitive, FeatureValue
from features.words import ago


@dataclass(frozen=True)
class DaysSinceDate(AttributePrimitive):
    """Days from the date to `as of`. A date after it was not known then, so it is missing."""

    kind: ClassVar[str] = "days_since_date"
    unit: ClassVar[str] = "days"
    missing: ClassVar[str] = "not known, or after as of"

    def expression(self, column: pl.Expr, as_of: pl.Expr) -> pl.Expr:
        """Give the days as Float64."""
        elapsed_us = (as_of - column).dt.total_microseconds()
        return pl.when(elapsed_us >= 0).then(elapsed_us.cast(pl.Float64) * (1 / DAY_US))

    def value(self, raw: AttributeValue, as_of_us: int) -> float | None:
        """Give the days."""
        if raw is None:
            return None
        if not isinstance(raw, datetime):
            raise TypeError(f"a date with a zone is needed, not {raw!r}")
        elapsed_us = as_of_us - microseconds(raw)
        return float(elapsed_us) * (1 / DAY_US) if elapsed_us >= 0 else None

    def say(self, value: FeatureValue, subject: str) -> str:
        """Say "signed up 40 days ago"."""
        return f"{subject} {ago(value)}" if isinstance(value, float) else f"{subject} is not known"

    def describe(self, subject: str) -> str:
        """Say from when to when."""
        return f"days from {subject} to as of"
