"""How often, lately."""

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from features.primitives.past_events import PastEvents, in_window
from features.primitives.primitive import EventPrimitive
from features.primitives.reduction import SUM, Reduction
from features.words import Noun


@dataclass(frozen=True)
class CountInWindow(EventPrimitive):
    """Events in the `days` days up to `as of`."""

    days: int

    kind: ClassVar[str] = "count_in_window"
    unit: ClassVar[str] = "events"
    reduction: ClassVar[Reduction] = SUM

    @property
    def key(self) -> str:
        """Such as `count_30d`."""
        return f"count_{self.days}d"

    def expression(self) -> pl.Expr:
        """Give whether each event is in the window."""
        return in_window(self.days)

    def reduced(self, events: PastEvents) -> int:
        """Count those in the window."""
        return events.in_window(self.days)

    def say(self, value: float | None, noun: Noun) -> str:
        """Say "3 downloads in the last 30 days"."""
        return f"{noun.counted(value or 0)} in the last {self.days} days"

    def title(self, noun: Noun) -> str:
        """Give the name of the feature."""
        return f"{noun.many}, last {self.days} days"

    def describe(self, noun: Noun) -> str:
        """Say what is counted."""
        return f"number of {noun.many} in the {self.days} days up to as of"
