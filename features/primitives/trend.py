"""Whether a lead does more or less than before."""

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from features.primitives.past_events import PastEvents, in_window
from features.primitives.primitive import EventPrimitive
from features.primitives.reduction import SUM, Reduction
from features.words import Noun, number


@dataclass(frozen=True)
class Trend(EventPrimitive):
    """Events in the `days` days up to `as of` minus those in the `days` days before."""

    days: int

    kind: ClassVar[str] = "trend"
    unit: ClassVar[str] = "events"
    reduction: ClassVar[Reduction] = SUM

    @property
    def key(self) -> str:
        """Such as `trend_14d`."""
        return f"trend_{self.days}d"

    def expression(self) -> pl.Expr:
        """Give 1 for a new event, -1 for one of the days before, else 0."""
        new, of_before = pl.lit(1, pl.Int8), pl.lit(-1, pl.Int8)
        return pl.when(in_window(self.days)).then(new).when(in_window(2 * self.days)).then(of_before).otherwise(0)

    def reduced(self, events: PastEvents) -> int:
        """Subtract those of the days before from the new ones."""
        new = events.in_window(self.days)
        return new - (events.in_window(2 * self.days) - new)

    def say(self, value: float | None, noun: Noun) -> str:
        """Say "2 more downloads in the last 14 days than in the 14 days before"."""
        if not value:
            return f"as many {noun.many} in the last {self.days} days as in the {self.days} days before"
        change = f"{number(abs(value))} {'more' if value > 0 else 'fewer'} {noun.one if abs(value) == 1 else noun.many}"
        return f"{change} in the last {self.days} days than in the {self.days} days before"

    def title(self, noun: Noun) -> str:
        """Give the name of the feature."""
        return f"{noun.many}, last {self.days} days against the {self.days} before"

    def describe(self, noun: Noun) -> str:
        """Say what is compared."""
        return f"number of {noun.many} in the {self.days} days up to as of, minus that in the {self.days} days before"
