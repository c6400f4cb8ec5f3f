"""Leads that were handed over and have no score of that moment: there was no model yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import ColumnElement, Connection, and_, exists, func, select

from features.store.events import event_table
from features.store.leads import Attributes
from features.store.schema import events, lead_changes, leads, scores


@dataclass(frozen=True)
class Unscored:
    """Which leads are meant: those handed over after `since` (None: ever) and up to `until`."""

    since: datetime | None
    until: datetime


@dataclass(frozen=True)
class HandOvers:
    """Some leads as they were handed over: when, what was known of them then, and what they did, as in `Tables`."""

    lead_ids: Sequence[str]
    handed_over_at: Sequence[datetime]
    attributes: Sequence[Attributes]
    events: pl.DataFrame


def count_unscored(connection: Connection, wanted: Unscored) -> int:
    """Count the leads that are meant."""
    return connection.execute(select(func.count()).select_from(leads).where(_is_wanted(wanted))).scalar_one()


def unscored_after(connection: Connection, wanted: Unscored, after: str | None, count: int) -> HandOvers:
    """Give the next leads by id, in the database's own order of text."""
    condition = _is_wanted(wanted) if after is None else and_(_is_wanted(wanted), leads.c.lead_id > after)
    some = select(leads.c.lead_id, leads.c.handed_over_at).where(condition).order_by(leads.c.lead_id).limit(count)
    rows = connection.execute(some).all()
    lead_ids = [row.lead_id for row in rows]
    known = _known_then(connection, lead_ids)
    did = event_table(connection, events.c.lead_id.in_(lead_ids))
    return HandOvers(lead_ids, [row.handed_over_at for row in rows], [known[each] for each in lead_ids], did)


def still_unscored(connection: Connection, wanted: Unscored, lead_ids: Sequence[str]) -> dict[str, datetime]:
    """Give those of the leads that are still there and meant, with their hand-over; none of them goes meanwhile."""
    there = select(leads.c.lead_id, leads.c.handed_over_at).where(leads.c.lead_id.in_(lead_ids), _is_wanted(wanted))
    rows = connection.execute(there.order_by(leads.c.lead_id).with_for_update(key_share=True))
    return {row.lead_id: row.handed_over_at for row in rows}


def _is_wanted(wanted: Unscored) -> ColumnElement[bool]:
    handed_over = leads.c.handed_over_at
    of_then = (scores.c.lead_id == leads.c.lead_id, scores.c.at_hand_over, scores.c.as_of == handed_over)
    in_time = [handed_over <= wanted.until, *([] if wanted.since is None else [handed_over > wanted.since])]
    return and_(*in_time, ~exists().where(*of_then))


def _known_then(connection: Connection, lead_ids: Sequence[str]) -> dict[str, Attributes]:
    """Give what was known of each lead at its hand-over, or first of all where nothing was known then."""
    columns = (*lead_changes.c["lead_id", "changed_at", "attributes"], leads.c.handed_over_at)
    joined = lead_changes.join(leads, leads.c.lead_id == lead_changes.c.lead_id)
    changes = select(*columns).select_from(joined).where(lead_changes.c.lead_id.in_(lead_ids))
    known: dict[str, Attributes] = {}
    for row in connection.execute(changes.order_by(lead_changes.c.changed_at, lead_changes.c.id)):
        if row.lead_id not in known or row.changed_at <= row.handed_over_at:
            known[row.lead_id] = row.attributes
    return known
