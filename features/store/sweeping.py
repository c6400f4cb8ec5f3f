"""Clears away what a database leaves behind of rows that are gone.

SQLite overwrites deleted rows, but its log still has them, and parts of its pages that are not in use may hold older
copies of rows that were moved; only writing the whole file anew is sure to drop those. PostgreSQL gives the room of
dead rows free, to be overwritten in time; its pages and its log keep their bytes until then.
"""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from features.store import schema

OF_LEADS = (
    schema.leads,
    schema.lead_changes,
    schema.events,
    schema.outcomes,
    schema.useful_contents,
    schema.scores,
    schema.latest_scores,
    schema.idempotency_keys,
    schema.idempotency_leads,
    schema.outbox,
    schema.audit_log,
)


def sweep_sqlite(engine: Engine, up_to_bytes: int | None) -> bool:
    """Empty the log and, where the file is not larger than that, write it anew; say whether nothing is left behind.

    Writing anew takes about a second for 100 MB, as much memory as the file has, and keeps writers waiting. What a
    reader still needs of the log stays until the next time.
    """
    connection = engine.raw_connection()
    try:
        cursor = connection.cursor()
        small = up_to_bytes is None or Path(str(engine.url.database)).stat().st_size <= up_to_bytes
        if small:
            cursor.execute("VACUUM")
        is_empty = _empty_log(cursor)
    finally:
        connection.close()
    return small and is_empty


def sweep_postgresql(engine: Engine) -> bool:
    """Free the room of dead rows in all tables that hold leads.

    The tables keep their length: to cut one, its end must be locked, and two sweeps at once would wait for each other,
    5 seconds at every table.
    """
    names = ", ".join(table.name for table in OF_LEADS)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(f"VACUUM (TRUNCATE FALSE) {names}"))
    return True


def _empty_log(cursor: Any) -> bool:
    busy, _, _ = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
    return not busy
