"""What leads did. An event id counts once, and every event is of a lead that is there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import ColumnElement, Connection, Select, select

from features.store.columns import microseconds
from features.store.insert_missing import insert_missing_returning
from features.store.schema import events as table
from features.store.schema import leads
from features.tables import EVENTS_SCHEMA, INSTANT, no_events

ASKED_AT_ONCE = 5_000  # leads or events named in one statement; databases take some 30,000
READ_AT_ONCE = 200_000  # rows held as Python values


@dataclass(frozen=True, slots=True)
class StoredEvent:
    """One thing a lead did, at a moment in UTC; `content` says with which page, offer or asset."""

    event_id: str
    lead_id: str
    type: str
    occurred_at: datetime
    content: str | None = None


@dataclass(frozen=True)
class AddedEvents:
    """What became of events: how many were new and how many had come before.

    unknown, taken: the places of those that were not added, since there is no such lead, or since their id is that
    of another lead's event.
    """

    added: int
    repeated: int
    unknown: tuple[int, ...] = ()
    taken: tuple[int, ...] = ()


def add_events(connection: Connection, events: Sequence[StoredEvent], now: datetime) -> AddedEvents:
    """Add those events that are new, in a few statements however many there are; the order does not matter."""
    there = _leads_that_stay(connection, {event.lead_id for event in events})
    wanted: dict[str, StoredEvent] = {}
    for event in events:
        if event.lead_id in there:
            wanted.setdefault(event.event_id, event)
    rows = [
        {
            "event_id": event.event_id,
            "lead_id": event.lead_id,
            "type": event.type,
            "occurred_at": event.occurred_at,
            "content": event.content,
            "received_at": now,
        }
        for _, event in sorted(wanted.items())  # always in one order: two writers must not wait for each other
    ]
    new = set(insert_missing_returning(connection, table, rows, table.c.event_id))
    lead_of = {event_id: event.lead_id for event_id, event in wanted.items()}
    lead_of |= _leads_of(connection, wanted.keys() - new)
    unknown = tuple(place for place, event in enumerate(events) if event.lead_id not in there)
    taken = tuple(
        place
        for place, event in enumerate(events)
        if event.lead_id in there and lead_of[event.event_id] != event.lead_id
    )
    return AddedEvents(len(new), len(events) - len(new) - len(unknown) - len(taken), unknown, taken)


def events_of(connection: Connection, lead_id: str, until: datetime | None = None) -> list[StoredEvent]:
    """Give what a lead did, up to `until` where that is given, oldest first."""
    wanted = select(*table.c["event_id", "lead_id", "type", "occurred_at", "content"]).where(table.c.lead_id == lead_id)
    if until is not None:
        wanted = wanted.where(table.c.occurred_at <= until)
    rows = connection.execute(wanted.order_by(table.c.occurred_at, table.c.event_id))
    return [StoredEvent(*row) for row in rows]


def events_of_leads(connection: Connection, lead_ids: Sequence[str]) -> pl.DataFrame:
    """Give what many leads did, as `Tables.events`: a lead's events oldest first, the leads in any order."""
    parts = [
        event_table(connection, table.c.lead_id.in_(lead_ids[start : start + ASKED_AT_ONCE]))
        for start in range(0, len(lead_ids), ASKED_AT_ONCE)
    ]
    return pl.concat([no_events(), *parts])


def event_table(connection: Connection, condition: ColumnElement[bool]) -> pl.DataFrame:
    """Give the events that meet a condition, as `Tables.events`; by lead, each lead's oldest first."""
    moment = microseconds(table.c.occurred_at, connection.dialect)
    wanted: Select[tuple[str, int, str, str | None]] = select(table.c.lead_id, moment, table.c.type, table.c.content)
    in_order = wanted.where(condition).order_by(table.c.lead_id, table.c.occurred_at, table.c.event_id)
    rows = connection.execute(in_order, execution_options={"stream_results": True, "max_row_buffer": READ_AT_ONCE})
    raw = EVENTS_SCHEMA | {"occurred_at": pl.Int64}
    parts = [pl.DataFrame(part, schema=raw, orient="row") for part in rows.partitions(READ_AT_ONCE)]
    whole = pl.concat([pl.DataFrame(schema=raw), *parts])
    return whole.with_columns(pl.col("occurred_at").cast(INSTANT))


def _leads_that_stay(connection: Connection, lead_ids: Iterable[str]) -> set[str]:
    """Give those of the leads that are there; on PostgreSQL none of them goes before this transaction ends."""
    ordered, found = sorted(lead_ids), set[str]()
    for start in range(0, len(ordered), ASKED_AT_ONCE):
        some = select(leads.c.lead_id).where(leads.c.lead_id.in_(ordered[start : start + ASKED_AT_ONCE]))
        kept = some.order_by(leads.c.lead_id).with_for_update(read=True, key_share=True)
        found.update(connection.execute(kept).scalars())
    return found


def _leads_of(connection: Connection, event_ids: Iterable[str]) -> dict[str, str]:
    """Give the lead of each of the events."""
    ordered, found = sorted(event_ids), dict[str, str]()
    for start in range(0, len(ordered), ASKED_AT_ONCE):
        some = select(table.c.event_id, table.c.lead_id).where(table.c.event_id.in_(ordered[start:][:ASKED_AT_ONCE]))
        found.update((event_id, lead_id) for event_id, lead_id in connection.execute(some))
    return found
