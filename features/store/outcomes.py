"""What sales decided on leads, and what it found useful."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, select, update

from features.errors import UnknownLeadError
from features.store.insert_missing import insert_missing, insert_missing_returning
from features.store.schema import leads, outcomes, useful_contents

AT_ONCE = 5_000  # leads named in one statement; databases take some 30,000
JUDGEMENTS = ("sql", "rejected", "recycled")  # outcomes that say that sales looked


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision of sales on one lead: `outcome` is sql, rejected, recycled or unworked."""

    lead_id: str
    outcome: str
    reason: str | None
    decided_at: datetime


@dataclass(frozen=True)
class StoredOutcome:
    """A decision as the store has it, with the moment it came to know it."""

    lead_id: str
    outcome: str
    reason: str | None
    decided_at: datetime
    received_at: datetime


def add_outcome(
    connection: Connection,
    lead_id: str,
    outcome: str,
    *,
    reason: str | None,
    decided_at: datetime,
    first_touch_at: datetime | None,
    useful_content: Sequence[str],
    now: datetime,
) -> bool:
    """Add a decision; say whether it is new. The same outcome at the same moment counts once.

    The lead then has the newest decision there is and the earliest first touch; contents found useful come on top of
    those from before. Raises UnknownLeadError for a lead that is not there.
    """
    of_lead = leads.c.lead_id == lead_id
    locked = select(leads.c.lead_id).where(of_lead).with_for_update(key_share=True)
    if connection.execute(locked).one_or_none() is None:
        raise UnknownLeadError(lead_id)
    added = add_decisions(connection, [Decision(lead_id, outcome, reason, decided_at)], now)
    if first_touch_at is not None:
        note_first_touches(connection, {lead_id: first_touch_at})
    mark_useful(connection, lead_id, useful_content, now)
    return added > 0


def mark_useful(connection: Connection, lead_id: str, contents: Sequence[str], now: datetime) -> None:
    """Remember that sales found contents useful with a lead that is there; those marked before stay as they are."""
    marked = [{"lead_id": lead_id, "content": content, "marked_at": now} for content in sorted(set(contents))]
    insert_missing(connection, useful_contents, marked)


def note_first_touches(connection: Connection, touches: Mapping[str, datetime]) -> int:
    """Let leads of the store have the earliest first touch that is known; give how many had none as early."""
    there = select(leads.c.lead_id, leads.c.first_touch_at).where(leads.c.lead_id.in_(list(touches)))
    known = {row.lead_id: row.first_touch_at for row in connection.execute(there)}
    earlier = [
        {"of_lead": lead_id, "touched_at": touches[lead_id]}
        for lead_id, until_now in sorted(known.items())
        if until_now is None or until_now > touches[lead_id]
    ]
    if earlier:
        touched_at = bindparam("touched_at", type_=leads.c.first_touch_at.type)
        is_earlier = leads.c.first_touch_at.is_(None) | (leads.c.first_touch_at > touched_at)
        of_lead = update(leads).where(leads.c.lead_id == bindparam("of_lead"), is_earlier)
        connection.execute(of_lead.values(first_touch_at=touched_at), earlier)
    return len(earlier)


def add_decisions(connection: Connection, decisions: Sequence[Decision], now: datetime) -> int:
    """Add those decisions on leads of the store that are new, and give how many; each lead then has its newest."""
    rows = [
        {
            "lead_id": each.lead_id,
            "outcome": each.outcome,
            "reason": each.reason,
            "decided_at": each.decided_at,
            "received_at": now,
        }
        for each in decisions
    ]
    new = insert_missing_returning(connection, outcomes, rows, outcomes.c.lead_id)
    _refresh(connection, set(new))
    return len(new)


def outcomes_of(connection: Connection, lead_id: str) -> list[StoredOutcome]:
    """Give what sales decided on a lead, oldest decision first."""
    columns = outcomes.c["lead_id", "outcome", "reason", "decided_at", "received_at"]
    of_lead = select(*columns).where(outcomes.c.lead_id == lead_id)
    return [StoredOutcome(*row) for row in connection.execute(of_lead.order_by(outcomes.c.decided_at, outcomes.c.id))]


def useful_contents_of(connection: Connection, lead_id: str) -> list[str]:
    """Give what sales found useful with a lead, in the order in which it said so."""
    of_lead = select(useful_contents.c.content).where(useful_contents.c.lead_id == lead_id)
    return list(connection.execute(of_lead.order_by(useful_contents.c.marked_at, useful_contents.c.content)).scalars())


def _refresh(connection: Connection, lead_ids: Iterable[str]) -> None:
    """Let the leads have their newest decision; of two at one moment, the one that came last."""
    newest_first = (outcomes.c.decided_at.desc(), outcomes.c.id.desc())
    of_lead = select(outcomes).where(outcomes.c.lead_id == leads.c.lead_id).order_by(*newest_first).limit(1)
    newest = {
        "outcome": of_lead.with_only_columns(outcomes.c.outcome).correlate(leads).scalar_subquery(),
        "decided_at": of_lead.with_only_columns(outcomes.c.decided_at).correlate(leads).scalar_subquery(),
    }
    ordered = sorted(lead_ids)
    for start in range(0, len(ordered), AT_ONCE):
        some = leads.c.lead_id.in_(ordered[start : start + AT_ONCE])
        connection.execute(update(leads).where(some).values(newest))
