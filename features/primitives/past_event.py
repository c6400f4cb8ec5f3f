"""An event as primitives see it: already past at `as of`. Its columns for whole tables, a tuple for one lead."""

from typing import NamedTuple

import polars as pl

from features.primitives.instants import DAY_US

AGE_US = pl.col("age_us")  # Int64, as of minus occurred at, never negative
DAY = pl.col("day")  # Int64, the UTC day, counted from 1970-01-01
TYPE = pl.col("type")  # String
CONTENT = pl.col("content")  # String, null where unknown


def in_window(days: int) -> pl.Expr:
    """Give whether each event of a table is in the `days` days up to `as of`: a full window ago is outside."""
    return AGE_US.lt(days * DAY_US)


class PastEvent(NamedTuple):
    """One event of one lead; the fields are those of the columns above."""

    age_us: int
    day: int
    type: str
    content: str | None

    def in_window(self, days: int) -> bool:
        """Give whether the event is in the `days` days up to `as of`: a full window ago is outside."""
        return self.age_us < days * DAY_US
