"""One content: the leads that took it, what became of them, and what they are like."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from operator import attrgetter
from typing import Any

from serving.reports.content.counts import Counts
from serving.reports.content.matched import Matched
from serving.reports.rates import Rate
from serving.reports.report import Cell
from serving.values.times import write_moment


class Difference(StrEnum):
    """What a comparison says, as one of all that stand side by side."""

    FEW = "too few"
    UNCLEAR = "no clear difference"
    BETTER = "better"
    WORSE = "worse"


@dataclass(frozen=True)
class Part:
    """The leads of one sector or size that took a content; `value` is None for those that have none."""

    value: str | None
    leads: int
    rate: Rate

    def to_json(self) -> dict[str, Any]:
        """Give the part as plain JSON values."""
        return {"value": self.value, "leads": self.leads, "mql_to_sql": self.rate.to_json()}


@dataclass(frozen=True)
class Taken:
    """Leads, and what became of them. pending: not known yet; unworked: sales never decided, so they are in no rate.

    points: the average of their engagement points at the hand-over, of those that had a score; None without any.
    """

    leads: int
    pending: int
    unworked: int
    rate: Rate
    points: float | None

    @classmethod
    def of(cls, counts: Iterable[Counts]) -> "Taken":
        """Add up the leads of some rows."""
        all_of = list(counts)
        leads, matured, judged = (sum(map(attrgetter(name), all_of)) for name in ("leads", "matured", "judged"))
        scored = sum(each.scored for each in all_of)
        points = sum(each.points for each in all_of) / scored if scored else None
        rate = Rate(sum(each.sqls for each in all_of), judged)
        return cls(leads, leads - matured, matured - judged, rate, points)

    def to_json(self) -> dict[str, Any]:
        """Give the counts as plain JSON values."""
        counts = {"leads": self.leads, "pending": self.pending, "unworked": self.unworked}
        return counts | {"mql_to_sql": self.rate.to_json(), "engagement_points": self.points}


@dataclass(frozen=True)
class Offer:
    """One content. kind: the type of event by which leads take it; None where no event named it.

    first_at, last_at: when any lead took it first and last, handed over or not. last_week: of the last delivery with a
    lead that took it. useful: with how many leads sales found it useful. matched: None where there are too few leads.
    """

    name: str
    kind: str | None
    first_at: datetime | None
    last_at: datetime | None
    last_week: date | None
    taken: Taken
    sectors: Sequence[Part]
    sizes: Sequence[Part]
    useful: int = 0
    matched: Matched | None = None
    difference: Difference = Difference.FEW

    def to_json(self) -> dict[str, Any]:
        """Give the content as plain JSON values."""
        return {
            "content": self.name,
            "kind": self.kind,
            "first_at": _written(self.first_at),
            "last_at": _written(self.last_at),
            "last_week": None if self.last_week is None else self.last_week.isoformat(),
            **self.taken.to_json(),
            "useful": self.useful,
            "against_similar": None if self.matched is None else self.matched.to_json(),
            "difference": self.difference.value,
            "by_sector": [each.to_json() for each in self.sectors],
            "by_size": [each.to_json() for each in self.sizes],
        }


COLUMNS = (
    *("content", "kind", "first_at", "last_at", "last_week", "leads", "pending", "unworked"),
    *("judged", "sqls", "rate", "rate_low", "rate_high", "engagement_points", "useful", "difference"),
    *("compared_with", "compared_without", "groups", "rate_with", "rate_without"),
    *("difference_points", "difference_low", "difference_high", "odds_ratio", "odds_ratio_low", "odds_ratio_high"),
)


def offer_row(offer: Offer) -> Sequence[Cell]:
    """Give a content as a row of COLUMNS."""
    taken, rate, found = offer.taken, offer.taken.rate, offer.matched
    last_week = None if offer.last_week is None else offer.last_week.isoformat()
    first: list[Cell] = [offer.name, offer.kind, offer.first_at, offer.last_at, last_week]
    counts: list[Cell] = [taken.leads, taken.pending, taken.unworked, rate.leads, rate.positives, rate.share]
    interval: list[Cell] = [rate.low, rate.high] if rate.leads else [None, None]
    row = [*first, *counts, *interval, taken.points, offer.useful, offer.difference.value]
    if found is None:
        return row + [None] * (len(COLUMNS) - len(row))
    odds = found.odds_ratio
    return [
        *row,
        *(found.with_leads, found.without_leads, found.groups, found.with_share, found.without_share),
        *(found.difference.value, found.difference.low, found.difference.high),
        *((None, None, None) if odds is None else (odds.value, odds.low, odds.high)),
    ]


def _written(moment: datetime | None) -> str | None:
    return None if moment is None else write_moment(moment)
