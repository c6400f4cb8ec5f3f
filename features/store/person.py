"""Everything that is held of one lead, for a person who asks to see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select

from features.errors import UnknownLeadError
from features.store.leads import LeadChange, StoredLead, changes_of, find_lead
from features.store.ledger import StoredScore, scores_of
from features.store.outcomes import StoredOutcome, outcomes_of
from features.store.schema import audit_log, events, idempotency_keys, idempotency_leads, outbox, useful_contents

Rows = Sequence[Mapping[str, Any]]


@dataclass(frozen=True)
class Person:
    """All that the store holds of a lead.

    events, useful_contents: with when they came in. told: what was announced to other systems. answers: calls that
    spoke of the lead and whose answers are kept for a day; an answer may speak of others too, so it is not shown.
    audit: lines of the audit log that name the lead.
    """

    lead: StoredLead
    changes: Sequence[LeadChange]
    events: Rows
    outcomes: Sequence[StoredOutcome]
    useful_contents: Rows
    scores: Sequence[StoredScore]
    told: Rows
    answers: Rows
    audit: Rows


def everything_of(connection: Connection, lead_id: str) -> Person:
    """Give all that is held of a lead. Raises UnknownLeadError for a lead that is not there."""
    lead = find_lead(connection, lead_id)
    if lead is None:
        raise UnknownLeadError(lead_id)
    return Person(
        lead=lead,
        changes=changes_of(connection, lead_id),
        events=_rows(connection, _events(lead_id)),
        outcomes=outcomes_of(connection, lead_id),
        useful_contents=_rows(connection, _useful_contents(lead_id)),
        scores=scores_of(connection, lead_id),
        told=_rows(connection, select(outbox).where(outbox.c.lead_id == lead_id).order_by(outbox.c.id)),
        answers=_rows(connection, _answers(lead_id)),
        audit=_rows(connection, select(audit_log).where(audit_log.c.subject == lead_id).order_by(audit_log.c.id)),
    )


def _events(lead_id: str) -> Select[Any]:
    of_lead = events.c.lead_id == lead_id
    columns = (events.c.event_id, events.c.type, events.c.occurred_at, events.c.content, events.c.received_at)
    return select(*columns).where(of_lead).order_by(events.c.occurred_at, events.c.event_id)


def _useful_contents(lead_id: str) -> Select[Any]:
    columns = (useful_contents.c.content, useful_contents.c.marked_at)
    of_lead = select(*columns).where(useful_contents.c.lead_id == lead_id)
    return of_lead.order_by(useful_contents.c.marked_at, useful_contents.c.content)


def _answers(lead_id: str) -> Select[Any]:
    keys, named = idempotency_keys.c, idempotency_leads.c
    same: ColumnElement[bool] = (keys.caller == named.caller) & (keys.key == named.key)
    columns = (keys.caller, keys.key, keys.status, keys.created_at)
    of_lead = select(*columns).join(idempotency_leads, same).where(named.lead_id == lead_id)
    return of_lead.order_by(keys.created_at, keys.key)


def _rows(connection: Connection, wanted: Select[Any]) -> Rows:
    return [{str(name): value for name, value in row.items()} for row in connection.execute(wanted).mappings()]
