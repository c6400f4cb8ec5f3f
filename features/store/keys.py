"""The API keys in the store: by digest alone, never the key itself. Making and revoking one is noted for the audit."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, insert, select, update

from features.errors import StoreError
from features.store.audit import Action, note
from features.store.engine import Store
from features.store.schema import api_keys

NOBODY = "unknown"  # who did it, where nobody says


@dataclass(frozen=True)
class StoredKey:
    """One key as the store knows it; times are UTC. `last_used_at` is right to the hour."""

    id: int
    name: str
    role: str
    digest: str
    created_at: datetime
    expires_at: datetime | None
    revoked_at: datetime | None
    last_used_at: datetime | None

    def is_good(self, now: datetime) -> bool:
        """Say whether it still lets anyone in: neither revoked nor expired."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def add_key(
    store: Store,
    name: str,
    role: str,
    digest: str,
    now: datetime,
    *,
    expires_at: datetime | None = None,
    who: str = NOBODY,
) -> int:
    """Keep a new key, made by `who`, and give its id; without `expires_at` it is good until it is revoked."""
    values = {"name": name, "role": role, "digest": digest, "created_at": now, "expires_at": expires_at}
    with store.writing() as connection:
        key_id = int(connection.execute(insert(api_keys).values(values).returning(api_keys.c.id)).scalar_one())
        detail = f"role {role}, for {name}"
        note(connection, who, Action.KEY_MADE, now=now, subject=key_subject(key_id), detail=detail)
    return key_id


def key_subject(key_id: int) -> str:
    """Give a key's name in the audit log, and at the head of who did something with it.

    >>> key_subject(3)
    'key 3'
    """
    return f"key {key_id}"


def all_keys(store: Store) -> list[StoredKey]:
    """Give every key ever made, oldest first, the revoked ones too."""
    with store.reading() as connection:
        return [_stored(row) for row in connection.execute(select(api_keys).order_by(api_keys.c.id))]


def find_key(store: Store, digest: str) -> StoredKey | None:
    """Give the key of a digest, revoked or not; None where there is none."""
    with store.reading() as connection:
        row = connection.execute(select(api_keys).where(api_keys.c.digest == digest)).one_or_none()
    return None if row is None else _stored(row)


def find_key_by_id(store: Store, key_id: int) -> StoredKey | None:
    """Give the key of an id, revoked or not; None where there is none."""
    with store.reading() as connection:
        row = connection.execute(select(api_keys).where(api_keys.c.id == key_id)).one_or_none()
    return None if row is None else _stored(row)


def revoke_key(store: Store, key_id: int, now: datetime, *, who: str = NOBODY) -> None:
    """Make a key useless from now on; one already revoked stays as it is. Raises StoreError for an unknown id."""
    with store.writing() as connection:
        if connection.execute(select(api_keys.c.id).where(api_keys.c.id == key_id)).one_or_none() is None:
            raise StoreError(f"there is no key {key_id}; `leadsift keys list` shows those there are")
        valid = (api_keys.c.id == key_id) & api_keys.c.revoked_at.is_(None)
        if connection.execute(update(api_keys).where(valid).values(revoked_at=now)).rowcount > 0:
            note(connection, who, Action.KEY_REVOKED, now=now, subject=key_subject(key_id))


def touch_key(store: Store, key_id: int, now: datetime) -> None:
    """Remember when a key was last used."""
    with store.writing() as connection:
        connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(last_used_at=now))


def _stored(row: Row[Any]) -> StoredKey:
    return StoredKey(**row._mapping)
