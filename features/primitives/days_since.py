"""How long ago the newest and the oldest event lie."""

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from features.primitives.instants import DAY_US
from features.primitives.past_events import AGE_US, PastEvents
from features.primitives.primitive import EventPrimitive
from features.primitives.reduction import LARGEST, SMALLEST, Reduction
from features.words import Noun, ago


@dataclass(frozen=True)
class DaysSinceLast(EventPrimitive):
    """Days from the newest event to `as of`, with fractions."""

    kind: ClassVar[str] = "days_since_last"
    unit: ClassVar[str] = "days"
    missing: ClassVar[str] = "no event yet"
    reduction: ClassVar[Reduction] = SMALLEST
    scale: ClassVar[int] = DAY_US
    no_events: ClassVar[float | None] = None
    which: ClassVar[str] = "last"

    @property
    def key(self) -> str:
        """Such as `days_since_last`."""
        return f"days_since_{self.which}"

    def expression(self) -> pl.Expr:
        """Give the age of each event."""
        return AGE_US

    def reduced(self, events: PastEvents) -> int:
        """Give the age of the newest."""
        return events.ages_us[0]

    def say(self, value: float | None, noun: Noun) -> str:
        """Say "last webinar 4 days ago" or "no webinar yet"."""
        return f"no {noun.one} yet" if value is None else f"{self.which} {noun.one} {ago(value)}"

    def title(self, noun: Noun) -> str:
        """Give the name of the feature."""
        return f"days since the {self.which} {noun.one}"

    def describe(self, noun: Noun) -> str:
        """Say from when to when."""
        return f"days from the {self.which} {noun.one} to as of"


@dataclass(frozen=True)
class DaysSinceFirst(DaysSinceLast):
    """Days from the oldest event to `as of`, with fractions."""

    kind: ClassVar[str] = "days_since_first"
    reduction: ClassVar[Reduction] = LARGEST
    which: ClassVar[str] = "first"

    def reduced(self, events: PastEvents) -> int:
        """Give the age of the oldest."""
        return events.ages_us[-1]
