"""What sales decided on leads, and what it found useful."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from features.errors import UnknownLeadError
from features.store.insert_missing import insert_missing, insert_missing_returning
from features.store.schema import leads, outcomes, useful_contents

AT_ONCE = 5_000  # leads named in one statement; databases take some 30,000


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
        is_later = leads.c.first_touch_at > first_touch_at
        touch = (leads.c.first_touch_at.is_(None)) | is_later
        connection.execute(update(leads).where(of_lead, touch).values(first_touch_at=first_touch_at))
    contents = sorted(set(useful_content))
    insert_missing(
        connection,
        useful_contents,
        [{"lead_id": lead_id, "content": content, "marked_at": now} for content in contents],
    )
    return added > 0


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
