"""From score to score: what changed, in points that add up, and what the lead did in between."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Connection

from features.store.known_then import KnownThen, known_then
from features.store.ledger import StoredScore
from serving.live.as_json import score_json
from serving.live.fast_clocks import happened
from serving.live.history import Change, ModelOf, lead_history

NEWEST = 20  # steps: each is scored anew up to three times


@dataclass(frozen=True)
class Step:
    """A score of the ledger, and what changed since the one before; `change` is None where there is none before.

    did: how often the lead did what, of all that counts since then. attributes: what else became known, or changed.
    """

    score: StoredScore
    change: Change | None
    did: Mapping[str, int]
    attributes: Sequence[str]

    def to_json(self) -> dict[str, Any]:
        """Give it as plain JSON values."""
        told = {"change": self.change and asdict(self.change), "did": dict(self.did)}
        return score_json(self.score) | told | {"attributes": list(self.attributes)}


def lead_steps(connection: Connection, lead_id: str, model_of: ModelOf, newest: int = NEWEST) -> list[Step]:
    """Give the steps to a lead's newest scores, the newest first.

    Raises UnknownLeadError for a lead that is not there.
    """
    entries = lead_history(connection, lead_id, model_of, newest + 1)
    then = known_then(connection, lead_id)
    steps = [
        Step(
            entry.score, entry.change, _did(before.score, entry.score, then), _learned(before.score, entry.score, then)
        )
        for before, entry in pairwise(entries)
    ]
    if entries and entries[0].change is None:
        steps.insert(0, Step(entries[0].score, None, {}, ()))
    return steps[::-1][:newest]


def _did(before: StoredScore, after: StoredScore, then: KnownThen) -> Mapping[str, int]:
    """Count what counts for `after` and did not yet for `before`."""
    old, new = _counted(before, then), _counted(after, then)
    return Counter(kind for event_id, kind in new.items() if event_id not in old)


def _counted(score: StoredScore, then: KnownThen) -> Mapping[str, str]:
    """Give the events that a score rests on: their types, by id."""
    known = happened(then.at(score.recorded_at).events, score.recorded_at)
    return {event.event_id: event.type for event in known if event.occurred_at <= score.as_of}


def _learned(before: StoredScore, after: StoredScore, then: KnownThen) -> Sequence[str]:
    old, new = then.at(before.recorded_at).attributes, then.at(after.recorded_at).attributes
    return [name for name in sorted({*old, *new}) if old.get(name) != new.get(name)]
