"""In how many ways a lead is engaged."""

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from features.primitives.past_events import TYPE, PastEvents, in_window
from features.primitives.primitive import EventPrimitive
from features.primitives.reduction import DISTINCT, Reduction
from features.words import Noun


@dataclass(frozen=True)
class DistinctTypes(EventPrimitive):
    """Different event types in the `days` days up to `as of`, also those that the model knows by no other feature."""

    days: int

    kind: ClassVar[str] = "distinct_types"
    unit: ClassVar[str] = "types"
    reduction: ClassVar[Reduction] = DISTINCT

    @property
    def key(self) -> str:
        """Such as `types_90d`."""
        return f"types_{self.days}d"

    def expression(self) -> pl.Expr:
        """Give the type of each event in the window."""
        return pl.when(in_window(self.days)).then(TYPE)

    def reduced(self, events: PastEvents) -> int:
        """Count the types of those in the window."""
        return len(set(events.types[: events.in_window(self.days)]))

    def say(self, value: float | None, noun: Noun) -> str:
        """Say "4 kinds of activity in the last 90 days"."""
        kinds = Noun(f"kind of {noun.one}", f"kinds of {noun.one}", noun.none)
        return f"{kinds.counted(value or 0)} in the last {self.days} days"

    def title(self, noun: Noun) -> str:
        """Give the name of the feature."""
        return f"kinds of {noun.one}, last {self.days} days"

    def describe(self, noun: Noun) -> str:
        """Say what is counted."""
        return f"number of kinds of {noun.one} in the {self.days} days up to as of"
