"""Runs that score all open leads anew, and where an interrupted one goes on."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl
from sqlalchemy import ColumnElement, Connection, func, insert, select, update

from features.store.events import event_table
from features.store.leads import Attributes
from features.store.schema import erased_leads, events, leads, rescores
from features.store.worklist import is_open


@dataclass(frozen=True)
class Rescore:
    """One run: `last_lead_id` is the last lead done, None before the first."""

    id: int
    as_of: datetime
    model_version: str
    last_lead_id: str | None = None
    scored: int = 0
    changed: int = 0


@dataclass(frozen=True)
class OpenLeads:
    """Some open leads, with their attributes and, as `Tables.events`, what they did."""

    lead_ids: Sequence[str]
    attributes: Sequence[Attributes]
    events: pl.DataFrame


def unfinished_rescore(connection: Connection, model_version: str, since: datetime) -> Rescore | None:
    """Give the newest run by this model, begun since then, that did not come to its end; None where there is none."""
    table = rescores.c
    columns = (table.id, table.as_of, table.model_version, table.last_lead_id, table.scored, table.changed)
    newest = select(*columns, table.finished_at).order_by(table.id.desc()).limit(1)
    row = connection.execute(newest).one_or_none()
    if row is None or row.finished_at is not None or row.model_version != model_version or row.as_of < since:
        return None
    return Rescore(*row[:-1])


def begin_rescore(connection: Connection, model_version: str, now: datetime) -> Rescore:
    """Begin a run."""
    row = {"as_of": now, "model_version": model_version, "scored": 0, "changed": 0}
    number = connection.execute(insert(rescores).values(row).returning(rescores.c.id)).scalar_one()
    return Rescore(number, now, model_version)


def keep_rescore(connection: Connection, run: Rescore, finished_at: datetime | None = None) -> None:
    """Write down how far a run has come."""
    far = {"last_lead_id": run.last_lead_id, "scored": run.scored, "changed": run.changed, "finished_at": finished_at}
    connection.execute(update(rescores).where(rescores.c.id == run.id).values(far))


def last_finished(connection: Connection, before: int | None = None) -> datetime | None:
    """Give when a run last came to its end, of those before the run of this number; None where none did."""
    finished = select(func.max(rescores.c.finished_at))
    if before is not None:
        finished = finished.where(rescores.c.id < before)
    return connection.execute(finished).scalar()


def is_sweep_due(connection: Connection, run: Rescore) -> bool:
    """Say whether a lead was erased since the last run before this one that came to its end."""
    last = last_finished(connection, before=run.id)
    erased = select(func.count()).select_from(erased_leads)
    if last is not None:
        erased = erased.where(erased_leads.c.erased_at >= last)
    return connection.execute(erased).scalar_one() > 0


def count_open(connection: Connection, after: str | None) -> int:
    """Count the open leads whose id comes after `after`."""
    return connection.execute(select(func.count()).select_from(leads).where(*_after(connection, after))).scalar_one()


def open_leads_after(connection: Connection, after: str | None, count: int) -> OpenLeads:
    """Give the next open leads by id, in the database's own order of text."""
    some = select(leads.c.lead_id, leads.c.attributes).where(*_after(connection, after))
    rows = connection.execute(some.order_by(leads.c.lead_id).limit(count)).all()
    lead_ids = [row.lead_id for row in rows]
    return OpenLeads(lead_ids, [row.attributes for row in rows], _events(connection, lead_ids))


def _events(connection: Connection, lead_ids: Sequence[str]) -> pl.DataFrame:
    return event_table(connection, events.c.lead_id.in_(lead_ids))


def _after(connection: Connection, after: str | None) -> tuple[ColumnElement[bool], ...]:
    return (is_open(connection),) if after is None else (is_open(connection), leads.c.lead_id > after)
