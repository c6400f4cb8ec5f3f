"""The score of a stored lead as of now."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from features.errors import UnknownLeadError
from features.store.events import events_of
from features.store.leads import find_lead
from features.store.ledger import Trigger, held_leads, pack_inputs, scores_of
from features.topics import Subscriber
from serving.live.fast_clocks import happened
from serving.live.live_model import LiveModel, ScoredLead
from serving.live.recorded import record_score


def score_stored(
    connection: Connection,
    lead_id: str,
    live: LiveModel,
    reasons: int,
    now: datetime,
    *,
    subscribers: Sequence[Subscriber] = (),
) -> ScoredLead:
    """Score a lead with what the store holds of it and remember that, in a transaction that may write.

    A score that is in the ledger already, from the same feature values by the same model, is not written again.
    Raises UnknownLeadError for a lead that is not there.
    """
    lead = find_lead(connection, lead_id) if held_leads(connection, [lead_id]) else None
    if lead is None:
        raise UnknownLeadError(lead_id)
    scored = live.score(lead_id, lead.attributes, happened(events_of(connection, lead_id), now), now, reasons)
    if not _is_remembered(connection, scored):
        record_score(connection, scored, Trigger.REQUEST, now, subscribers=subscribers)
    return scored


def _is_remembered(connection: Connection, scored: ScoredLead) -> bool:
    last = scores_of(connection, scored.lead_id, newest=1)
    inputs = pack_inputs(scored.values)
    return any((each.model_version, each.inputs) == (scored.model_version, inputs) for each in last)
