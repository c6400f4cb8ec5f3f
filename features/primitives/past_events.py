"""Events as primitives see them: already past at `as of`. Columns for whole tables, tuples for one lead."""

from bisect import bisect_left
from collections.abc import Iterable
from typing import NamedTuple

import polars as pl

from features.primitives.instants import DAY_US

AGE_US = pl.col("age_us")  # Int64, as of minus occurred at, never negative
DAY = pl.col("day")  # integer, the UTC day, counted from 1970-01-01
TYPE = pl.col("type")  # a code, equal for equal types
CONTENT = pl.col("content")  # a code, equal for equal contents; null where unknown or empty


def in_window(days: int) -> pl.Expr:
    """Give whether each event of a table is in the `days` days up to `as of`: a full window ago is outside."""
    return AGE_US.lt(days * DAY_US)


PastEvent = tuple[int, int, int, str, str | None]  # age, its whole hours, day, type, content: a row of `PastEvents`


class PastEvents(NamedTuple):
    """Events of one lead, at least one, newest first: an element each, in tuples that are the columns above.

    `hours` are the whole hours of each age, which several features ask for.
    """

    ages_us: tuple[int, ...]
    hours: tuple[int, ...]
    days: tuple[int, ...]
    types: tuple[str, ...]
    contents: tuple[str | None, ...]

    @classmethod
    def of(cls, newest_first: Iterable[PastEvent]) -> "PastEvents":
        """Make them of their rows."""
        return cls._make(zip(*newest_first, strict=True))

    def in_window(self, days: int) -> int:
        """Give how many of the events, the newest, are in the `days` days up to `as of`.

        >>> newest_first = [(0, 0, 20_000, "download", None), (7 * DAY_US, 168, 19_993, "download", None)]
        >>> PastEvents.of(newest_first).in_window(7)
        1
        """
        return bisect_left(self.ages_us, days * DAY_US)
