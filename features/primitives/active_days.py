"""On how many days; many clicks of one visit, or of a robot in one night, count once."""

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from features.primitives.past_events import DAY, PastEvents, in_window
from features.primitives.primitive import EventPrimitive
from features.primitives.reduction import DISTINCT, Reduction
from features.words import Noun


@dataclass(frozen=True)
class ActiveDays(EventPrimitive):
    """Different UTC days with an event in the `days` days up to `as of`."""

    days: int

    kind: ClassVar[str] = "active_days"
    unit: ClassVar[str] = "days"
    reduction: ClassVar[Reduction] = DISTINCT

    @property
    def key(self) -> str:
        """Such as `active_days_30d`."""
        return f"active_days_{self.days}d"

    def expression(self) -> pl.Expr:
        """Give the day of each event in the window."""
        return pl.when(in_window(self.days)).then(DAY)

    def reduced(self, events: PastEvents) -> int:
        """Count the days of those in the window."""
        return len(set(events.days[: events.in_window(self.days)]))

    def say(self, value: float | None, noun: Noun) -> str:
        """Say "downloads on 5 days in the last 30 days"."""
        last = f"in the last {self.days} days"
        return (
            f"{noun.many} on {Noun('day', 'days', 'day').counted(value)} {last}" if value else f"no {noun.none} {last}"
        )

    def title(self, noun: Noun) -> str:
        """Give the name of the feature."""
        return f"days with {noun.many}, last {self.days} days"

    def describe(self, noun: Noun) -> str:
        """Say what is counted."""
        return f"number of UTC days with {noun.many} in the {self.days} days up to as of"
