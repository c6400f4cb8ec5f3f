"""Writes that are told apart by a key of their sender, so that one sent twice is done once."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, delete, func, insert, select, tuple_, update

from features.store.schema import idempotency_keys, idempotency_leads

KEPT = timedelta(hours=24)
CLEARED_AT_ONCE = 100  # old keys that one write takes away in passing


@dataclass(frozen=True)
class WriteKey:
    """The key of one write. caller: who sent it; digest: SHA-256 of all that was sent, hex."""

    caller: str
    key: str
    digest: str


@dataclass(frozen=True)
class KeptAnswer:
    """The answer that a write got. `digest` is of the write that it was given to."""

    status: int
    body: bytes
    digest: str


class KeyBusyError(Exception):
    """A write with this key is under way elsewhere."""


def reserve(connection: Connection, write: WriteKey, now: datetime) -> KeptAnswer | None:
    """Give the answer that a write with this key got in the last 24 hours; None where it is the first.

    Then the key is taken, in the transaction of the work itself: both stay, with `keep_answer`, or neither does.
    Raises KeyBusyError where another process holds the key at this moment.
    """
    _lock(connection, write)
    _clear_old(connection, now)
    mine = (idempotency_keys.c.caller == write.caller) & (idempotency_keys.c.key == write.key)
    columns = (idempotency_keys.c.status, idempotency_keys.c.answer, idempotency_keys.c.digest)
    row = connection.execute(select(*columns).where(mine, idempotency_keys.c.created_at > now - KEPT)).one_or_none()
    if row is not None:
        return KeptAnswer(*row)
    _forget(connection, [(write.caller, write.key)])
    taken = {"caller": write.caller, "key": write.key, "digest": write.digest, "created_at": now}
    connection.execute(insert(idempotency_keys).values(taken | {"status": 0, "answer": b""}))
    return None


def keep_answer(
    connection: Connection, write: WriteKey, status: int, body: bytes, lead_ids: Iterable[str] = ()
) -> None:
    """Keep the answer of a reserved write; `lead_ids` are the leads it speaks of, so that erasing them finds it."""
    mine = (idempotency_keys.c.caller == write.caller) & (idempotency_keys.c.key == write.key)
    connection.execute(update(idempotency_keys).where(mine).values(status=status, answer=body))
    rows = [{"caller": write.caller, "key": write.key, "lead_id": lead_id} for lead_id in sorted(set(lead_ids))]
    if rows:
        connection.execute(insert(idempotency_leads), rows)


def _lock(connection: Connection, write: WriteKey) -> None:
    """Hold the key until the transaction ends. SQLite has one writer at a time, who holds everything."""
    if connection.dialect.name != "postgresql":
        return
    name = sha256(f"{write.caller}\n{write.key}".encode()).digest()
    number = int.from_bytes(name[:8], signed=True)
    if not connection.execute(select(func.pg_try_advisory_xact_lock(number))).scalar_one():
        raise KeyBusyError


def _clear_old(connection: Connection, now: datetime) -> None:
    of_old = select(idempotency_keys.c.caller, idempotency_keys.c.key).where(
        idempotency_keys.c.created_at <= now - KEPT
    )
    some = of_old.order_by(idempotency_keys.c.created_at).limit(CLEARED_AT_ONCE).with_for_update(skip_locked=True)
    _forget(connection, [(caller, key) for caller, key in connection.execute(some)])


def _forget(connection: Connection, keys: list[tuple[str, str]]) -> None:
    for table in (idempotency_leads, idempotency_keys):
        if keys:
            connection.execute(delete(table).where(tuple_(table.c.caller, table.c.key).in_(keys)))
