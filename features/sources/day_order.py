"""Whether the day or the month comes first in dates whose year stands last: said, or found out from all rows."""

from dataclasses import dataclass
from enum import Enum

import polars as pl


class DayOrder(Enum):
    """Which of day and month stands first in dates whose year stands last."""

    DAY_FIRST = "DD/MM/YYYY"
    MONTH_FIRST = "MM/DD/YYYY"
    UNTOLD = "could be either"
    NONE = "no such dates"


@dataclass(frozen=True)
class DayEvidence:
    """What the rows of a column tell: that there are such dates, that their day, or that their month, comes first."""

    dated: bool = False
    day_first: bool = False
    month_first: bool = False
    example: str | None = None  # the first cell that does not start with a year

    def plus(self, other: "DayEvidence") -> "DayEvidence":
        """Give what two parts of a column tell, `other` being the later one."""
        return DayEvidence(
            self.dated or other.dated,
            self.day_first or other.day_first,
            self.month_first or other.month_first,
            other.example if self.example is None else self.example,
        )

    def order(self, said_format: str | None) -> DayOrder:
        """Give the order that was said, or else the one that some row tells."""
        if not self.dated:
            return DayOrder.NONE
        if said_format in (DayOrder.DAY_FIRST.value, DayOrder.MONTH_FIRST.value):
            return DayOrder(said_format)
        if self.day_first:
            return DayOrder.DAY_FIRST
        return DayOrder.MONTH_FIRST if self.month_first else DayOrder.UNTOLD


def evidence_of(text: pl.Series, year_last: pl.DataFrame) -> DayEvidence:
    """Give what a column tells, from its cells and the parts of those whose year stands last.

    `year_last` has `first`, `sign`, `second_part` and `year` as text, null where a cell is no such date.
    """
    dated = year_last.filter(pl.col("year").is_not_null())
    others = text.filter(~text.str.contains(r"^\d{4}").fill_null(value=True)).head(1)
    return DayEvidence(
        dated=dated.height > 0,
        day_first=bool((dated["first"].cast(pl.Int32) > 12).any() or (dated["sign"] == ".").any()),
        month_first=bool((dated["second_part"].cast(pl.Int32) > 12).any()),
        example=others[0] if len(others) else None,
    )
