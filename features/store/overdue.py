"""Leads that sales has neither touched nor decided on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, exists, select

from features.store.schema import leads, outbox
from features.store.worklist import is_open
from features.topics import Topic


@dataclass(frozen=True)
class Untouched:
    """A lead that waits for sales since its hand-over."""

    lead_id: str
    handed_over_at: datetime


def untouched_leads(connection: Connection, since: datetime, until: datetime) -> Sequence[Untouched]:
    """Give the open, untouched leads handed over in a span of time, the first first.

    Those of which a breach of the agreement was announced since their hand-over are left out.
    """
    announced = exists().where(
        outbox.c.lead_id == leads.c.lead_id,
        outbox.c.topic == Topic.SLA_BREACHED.value,
        outbox.c.created_at >= leads.c.handed_over_at,
    )
    in_span = leads.c.handed_over_at.between(since, until)
    waiting = select(leads.c.lead_id, leads.c.handed_over_at).where(
        is_open(connection), leads.c.first_touch_at.is_(None), in_span, ~announced
    )
    rows = connection.execute(waiting.order_by(leads.c.handed_over_at, leads.c.lead_id))
    return [Untouched(*row) for row in rows]
