"""Erases a lead from every table; that it was erased is remembered by a keyed digest alone."""

from datetime import datetime

from sqlalchemy import Connection, delete, select, tuple_

from features.store.erased import remember_erasure
from features.store.schema import audit_log, idempotency_keys, idempotency_leads, leads, outbox


def erase_lead(connection: Connection, lead_id: str, now: datetime) -> bool:
    """Erase all that is held of a lead; say whether there was such a lead.

    Its events, outcomes, changes and scores go with it, and so do what was told of it to others, the remembered answers
    that speak of it, and the lines of the audit log that name it. Call `Store.sweep` afterwards: databases leave
    traces of rows that are gone.
    """
    erased = connection.execute(delete(leads).where(leads.c.lead_id == lead_id)).rowcount > 0
    _erase_answers(connection, lead_id)
    connection.execute(delete(outbox).where(outbox.c.lead_id == lead_id))
    connection.execute(delete(audit_log).where(audit_log.c.subject == lead_id))
    if erased:
        remember_erasure(connection, lead_id, now)
    return erased


def _erase_answers(connection: Connection, lead_id: str) -> None:
    """Erase the answers that speak of a lead, also where they speak of others: a repeated call is then a new one."""
    of_lead = select(idempotency_leads.c.caller, idempotency_leads.c.key).where(idempotency_leads.c.lead_id == lead_id)
    named = [tuple(row) for row in connection.execute(of_lead)]
    for table in (idempotency_keys, idempotency_leads):
        for caller_and_key in named:
            connection.execute(delete(table).where(tuple_(table.c.caller, table.c.key) == caller_and_key))
