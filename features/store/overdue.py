"""Leads that sales has neither touched nor decided on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select

from features.store.schema import lead_facts, outbox
from features.topics import Topic


@dataclass(frozen=True)
class Untouched:
    """A lead that waits for sales since its hand-over."""

    lead_id: str
    handed_over_at: datetime


def untouched_leads(connection: Connection, since: datetime, until: datetime) -> Sequence[Untouched]:
    """Give the leads handed over in a span of time on which sales has not worked since, the first first.

    They are those that reports count as not worked. Those of which a breach of the agreement was announced since their
    hand-over are left out.
    """
    facts = lead_facts.c
    announced = exists().where(
        outbox.c.lead_id == facts.lead_id,
        outbox.c.topic == Topic.SLA_BREACHED.value,
        outbox.c.created_at >= facts.handed_over_at,
    )
    in_span = facts.handed_over_at.between(since, until)
    waiting = select(facts.lead_id, facts.handed_over_at).where(facts.worked_at.is_(None), in_span, ~announced)
    rows = connection.execute(waiting.order_by(facts.handed_over_at, facts.lead_id))
    return [Untouched(*row) for row in rows]
