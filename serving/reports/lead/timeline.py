"""What happened with one lead, and when: what it did, its hand-over, what sales did, what became known of it."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

from features.store.events import StoredEvent
from features.store.leads import LeadChange, StoredLead
from features.store.outcomes import StoredOutcome
from serving.values.times import write_moment

SHOWN = 100  # happenings; older ones are counted


class Kind(StrEnum):
    """What kind of thing happened."""

    EVENT = "event"
    HANDED_OVER = "handed_over"
    TOUCHED = "touched"
    DECIDED = "decided"
    CHANGED = "changed"


@dataclass(frozen=True)
class Happening:
    """One thing that happened, at the moment `at`.

    what: of an event its type, of a decision the outcome, of a change the attribute (None: the owner). detail: of an
    event its content, of a decision the reason, of a change the new value. before: of a change the old value. count:
    how many like it there were on that day, of which `at` is the last.
    """

    at: datetime
    kind: Kind
    what: str | None = None
    detail: str | None = None
    before: str | None = None
    count: int = 1

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        told = {name: getattr(self, name) for name in ("what", "detail", "before", "count")}
        return {"at": write_moment(self.at), "kind": self.kind.value} | told


@dataclass(frozen=True)
class Timeline:
    """The newest happenings, the newest first; `earlier`: how many more there were."""

    happenings: Sequence[Happening]
    earlier: int = 0

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        return {"happenings": [each.to_json() for each in self.happenings], "earlier": self.earlier}


def timeline(
    lead: StoredLead,
    events: Sequence[StoredEvent],
    changes: Sequence[LeadChange],
    outcomes: Sequence[StoredOutcome],
    zone: ZoneInfo,
) -> Timeline:
    """Put everything about a lead in order. Days are those of `zone`."""
    handed_over = {change.handed_over_at for change in changes} | {lead.handed_over_at}
    found = [
        *_by_day(events, zone),
        *(Happening(moment, Kind.HANDED_OVER) for moment in handed_over if moment is not None),
        *([] if lead.first_touch_at is None else [Happening(lead.first_touch_at, Kind.TOUCHED)]),
        *(Happening(each.decided_at, Kind.DECIDED, each.outcome, each.reason) for each in outcomes),
        *(changed for before, after in pairwise(changes) for changed in _changed(before, after)),
    ]
    found.sort(key=lambda each: each.at, reverse=True)
    return Timeline(found[:SHOWN], max(0, len(found) - SHOWN))


def _by_day(events: Sequence[StoredEvent], zone: ZoneInfo) -> Iterator[Happening]:
    alike: dict[tuple[date, str, str | None], list[datetime]] = defaultdict(list)
    for event in events:
        day = event.occurred_at.astimezone(zone).date()
        alike[day, event.type, event.content].append(event.occurred_at)
    for (_, kind, content), moments in alike.items():
        yield Happening(max(moments), Kind.EVENT, kind, content, count=len(moments))


def _changed(before: LeadChange, after: LeadChange) -> Iterator[Happening]:
    for name in sorted({*before.attributes, *after.attributes}):
        old, new = before.attributes.get(name), after.attributes.get(name)
        if old != new:
            yield Happening(after.changed_at, Kind.CHANGED, name, _text(new), _text(old))
    if before.owner != after.owner:
        yield Happening(after.changed_at, Kind.CHANGED, None, after.owner, before.owner)


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
