"""How often, where each event counts less as it ages."""

from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

import polars as pl

from features.primitives.instants import HOUR_US
from features.primitives.past_events import AGE_US, PastEvents
from features.primitives.primitive import EventPrimitive
from features.primitives.reduction import SUM, Reduction
from features.words import Noun

ONE = 2**40  # the weight of an event of this hour; sums of whole numbers come out the same in any order
FORGOTTEN_AFTER = 41  # half-lives: the weight rounds to zero from here on


@lru_cache(maxsize=32)
def weights(half_life_days: int) -> tuple[int, ...]:
    """Give the weight of an event by its age in whole hours; the last one, 0, stands for all older.

    >>> weights(1)[24] == ONE // 2
    True
    """
    half_life_hours = 24 * half_life_days
    ages = range(FORGOTTEN_AFTER * half_life_hours)
    return (*(round(ONE * 0.5 ** (hours / half_life_hours)) for hours in ages), 0)


@lru_cache(maxsize=32)
def _weight_column(half_life_days: int) -> pl.Series:
    return pl.Series(weights(half_life_days), dtype=pl.Int64)


@dataclass(frozen=True)
class DecayedCount(EventPrimitive):
    """Events up to `as of`, each counting half as much every `half_life_days` days, by whole hours."""

    half_life_days: int

    kind: ClassVar[str] = "decayed_count"
    unit: ClassVar[str] = "events"
    reduction: ClassVar[Reduction] = SUM
    scale: ClassVar[int] = ONE

    @property
    def key(self) -> str:
        """Such as `decayed_30d`."""
        return f"decayed_{self.half_life_days}d"

    def expression(self) -> pl.Expr:
        """Give the weight of each event."""
        table = _weight_column(self.half_life_days)
        hours = (AGE_US // HOUR_US).clip(upper_bound=len(table) - 1)
        return pl.lit(table).gather(hours)

    def reduced(self, events: PastEvents) -> int:
        """Add their weights."""
        table = weights(self.half_life_days)
        remembered = bisect_left(events.hours, len(table))
        return sum(map(table.__getitem__, events.hours[:remembered]))

    def say(self, value: float | None, noun: Noun) -> str:
        """Say "3.4 recent downloads (each counts half after 30 days)"."""
        recent = _recent(noun)
        if not value:
            return recent.counted(0)
        if value < 0.1:
            return f"almost no {recent.none}"
        return f"{recent.counted(round(value, 1))} (each counts half after {self.half_life_days} days)"

    def title(self, noun: Noun) -> str:
        """Give the name of the feature."""
        return f"{noun.many}, each counting half after {self.half_life_days} days"

    def describe(self, noun: Noun) -> str:
        """Say how age counts."""
        return f"number of {noun.many} up to as of, each counting half as much every {self.half_life_days} days"


@lru_cache(maxsize=1_024)
def _recent(noun: Noun) -> Noun:
    return Noun(f"recent {noun.one}", f"recent {noun.many}", f"recent {noun.none}")
