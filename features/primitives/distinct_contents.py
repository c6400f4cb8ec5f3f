"""How broad the interest is: different pages, offers and assets."""

from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from features.primitives.past_events import CONTENT, PastEvents, in_window
from features.primitives.primitive import EventPrimitive
from features.primitives.reduction import DISTINCT, Reduction
from features.words import ACTIVITY, Noun

PIECE = Noun("piece of content", "pieces of content", "known content")


@dataclass(frozen=True)
class DistinctContents(EventPrimitive):
    """Different contents of the events in the `days` days up to `as of`; events without content do not count."""

    days: int

    kind: ClassVar[str] = "distinct_contents"
    unit: ClassVar[str] = "contents"
    reduction: ClassVar[Reduction] = DISTINCT

    @property
    def key(self) -> str:
        """Such as `contents_90d`."""
        return f"contents_{self.days}d"

    def expression(self) -> pl.Expr:
        """Give the content of each event in the window."""
        return pl.when(in_window(self.days)).then(CONTENT)

    def reduced(self, events: PastEvents) -> int:
        """Count the contents of those in the window."""
        return len(set(events.contents[: events.in_window(self.days)]) - {None})

    def say(self, value: float | None, noun: Noun) -> str:
        """Say "5 pieces of content in the last 90 days"."""
        return f"{PIECE.counted(value or 0)}{_across(noun)} in the last {self.days} days"

    def title(self, noun: Noun) -> str:
        """Give the name of the feature."""
        return f"different {PIECE.many}{_across(noun)}, last {self.days} days"

    def describe(self, noun: Noun) -> str:
        """Say what is counted."""
        return f"number of different {PIECE.many}{_across(noun)} in the {self.days} days up to as of"


def _across(noun: Noun) -> str:
    return "" if noun == ACTIVITY else f" across {noun.many}"
