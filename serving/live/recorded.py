"""Writes scores to the ledger: the one place through which a score of a stored lead leaves the service."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from features.store.events import events_of
from features.store.leads import StoredLead
from features.store.ledger import StoredScore, Trigger, add_scores, newest_scores, pack_inputs
from features.store.outbox import announce
from features.topics import Subscriber
from serving.live.announced import announcements
from serving.live.live_model import SHOWN_REASONS, LiveModel, ScoredLead


def record_score(
    connection: Connection,
    scored: ScoredLead,
    trigger: Trigger,
    now: datetime,
    *,
    subscribers: Sequence[Subscriber] = (),
) -> int:
    """Write the score of a lead that is there to the ledger and give its number there."""
    return record_scores(connection, [scored], trigger, now, subscribers=subscribers)[0]


def record_scores(
    connection: Connection,
    scored: Sequence[ScoredLead],
    trigger: Trigger,
    now: datetime,
    *,
    subscribers: Sequence[Subscriber] = (),
) -> list[int]:
    """Write scores of different leads that are there, all of one model, to the ledger; give their numbers there.

    Subscribers are told who became golden and whose grades changed.
    """
    new = [_stored(each, trigger, now) for each in scored]
    before = newest_scores(connection, [each.lead_id for each in new]) if subscribers else {}
    numbers = add_scores(connection, new)
    announce(connection, subscribers, announcements(new, before), now)
    return numbers


def record_hand_over(
    connection: Connection,
    lead: StoredLead,
    live: LiveModel,
    now: datetime,
    *,
    subscribers: Sequence[Subscriber] = (),
) -> int:
    """Score a lead as of its hand-over, with what is known now, and write that to the ledger, marked as such.

    Call it in the transaction that handed the lead over.
    """
    assert lead.handed_over_at is not None, "only called for a lead that was handed over"
    events = events_of(connection, lead.lead_id, until=lead.handed_over_at)
    scored = live.score(lead.lead_id, lead.attributes, events, lead.handed_over_at, SHOWN_REASONS)
    return record_score(connection, scored, Trigger.HAND_OVER, now, subscribers=subscribers)


def _stored(scored: ScoredLead, trigger: Trigger, now: datetime) -> StoredScore:
    score = scored.score
    return StoredScore(
        lead_id=scored.lead_id,
        as_of=scored.as_of,
        recorded_at=now,
        model_version=scored.model_version,
        trigger=trigger.value,
        at_hand_over=trigger in {Trigger.HAND_OVER, Trigger.PAST},
        probability=score.probability,
        fit_points=score.fit.points,
        fit_grade=score.fit.grade,
        engagement_points=score.engagement.points,
        engagement_grade=score.engagement.grade,
        segment=score.segment.value,
        reasons=score.to_json()["reasons"],
        inputs=pack_inputs(scored.values),
    )
