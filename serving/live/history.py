"""How a lead's score came to be what it is: each score of the ledger, and why it differs from the one before.

Between two scores three things may have changed: what is known of the lead (data), its age (time), and the model. What
was known then is in the store, so the scores in between are computed: with the old data as of the new moment, and with
the new data by the old model. By turns, each change is the difference of two scores, and together they are the whole
difference, exactly. Where the old model is no longer at hand, the new one tells what time did; where neither is, a
difference between scores by one model from the same data is time, and any other stays unexplained.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from sqlalchemy import Connection

from features.errors import UnknownLeadError
from features.store.known_then import Known, KnownThen, known_then
from features.store.leads import find_lead
from features.store.ledger import StoredScore, scores_of
from serving.live.fast_clocks import happened
from serving.live.live_model import LiveModel

ModelOf = Callable[[str], LiveModel | None]  # the model of a version; None where it is no longer at hand


@dataclass(frozen=True)
class Change:
    """Points that a score differs by from the one before; data, time, model and unexplained add up to `points`."""

    points: float
    data: float = 0.0
    time: float = 0.0
    model: float = 0.0
    unexplained: float = 0.0


@dataclass(frozen=True)
class HistoryEntry:
    """A score of the ledger and what changed since the one before; None where there is none before."""

    score: StoredScore
    change: Change | None


def lead_history(connection: Connection, lead_id: str, model_of: ModelOf, newest: int) -> list[HistoryEntry]:
    """Give a lead's newest scores, the oldest of them first, each compared with the one before.

    Raises UnknownLeadError for a lead that is not there.
    """
    if find_lead(connection, lead_id) is None:
        raise UnknownLeadError(lead_id)
    scores = scores_of(connection, lead_id, newest + 1)
    then = known_then(connection, lead_id)
    entries = [HistoryEntry(score, None) for score in scores[:1]]
    entries += [HistoryEntry(after, _change(before, after, then, model_of)) for before, after in pairwise(scores)]
    return entries[-newest:]


def _change(before: StoredScore, after: StoredScore, then: KnownThen, model_of: ModelOf) -> Change:
    points = after.points - before.points
    old_data, new_data = then.at(before.recorded_at), then.at(after.recorded_at)
    old, new = model_of(before.model_version), model_of(after.model_version)
    same = before.model_version == after.model_version
    if old is not None:
        time = _points(old, old_data, before, after.as_of) - _points(old, old_data, before, before.as_of)
        model = 0.0 if same else after.points - _points(old, new_data, after, after.as_of)
    elif new is not None:
        at_first = _points(new, old_data, before, before.as_of)
        time = _points(new, old_data, before, after.as_of) - at_first
        model = at_first - before.points
    elif same and old_data == new_data:
        return Change(points, time=points)
    else:
        return Change(points, unexplained=points)
    return Change(points, points - time - model, time, model)


def _points(live: LiveModel, known: Known, score: StoredScore, as_of: datetime) -> float:
    """Give the points, as of a moment, of what was known when `score` was recorded and had happened by its own."""
    events = [event for event in happened(known.events, score.recorded_at) if event.occurred_at <= score.as_of]
    return live.score(score.lead_id, known.attributes, events, as_of, reasons=0).score.points
