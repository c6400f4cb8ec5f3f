"""How often, ever."""

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from features.primitives.past_events import AGE_US, PastEvents
from features.primitives.primitive import EventPrimitive
from features.primitives.reduction import SUM, Reduction
from features.words import Noun


@dataclass(frozen=True)
class CountEver(EventPrimitive):
    """All events up to `as of`."""

    kind: ClassVar[str] = "count_ever"
    unit: ClassVar[str] = "events"
    reduction: ClassVar[Reduction] = SUM

    @property
    def key(self) -> str:
        """Give `count_ever`."""
        return "count_ever"

    def expression(self) -> pl.Expr:
        """Give true for each event."""
        return AGE_US >= 0

    def reduced(self, events: PastEvents) -> int:
        """Count them."""
        return len(events.ages_us)

    def say(self, value: float | None, noun: Noun) -> str:
        """Say "3 downloads so far"."""
        return f"{noun.counted(value or 0)} so far"

    def title(self, noun: Noun) -> str:
        """Give the name of the feature."""
        return f"{noun.many} so far"

    def describe(self, noun: Noun) -> str:
        """Say what is counted."""
        return f"number of {noun.many} up to as of"
