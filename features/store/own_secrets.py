"""The store's own secrets: made once by whoever needs one first, and the same for all who share the store."""

import secrets
from enum import StrEnum

from sqlalchemy import Connection, delete, select

from features.store.insert_missing import insert_missing
from features.store.schema import store_secrets

SECRET_BYTES = 32


class SecretName(StrEnum):
    """What a secret is for."""

    ERASED_LEADS = "erased leads"
    SESSIONS = "sessions"


def find_secret(connection: Connection, name: SecretName) -> bytes | None:
    """Give a secret; None where it was not made yet."""
    found = connection.execute(select(store_secrets.c.value).where(store_secrets.c.name == name)).scalar()
    return None if found is None else bytes(found)


def made_secret(connection: Connection, name: SecretName) -> bytes:
    """Give a secret, made now where it was not."""
    keep_secret(connection, name, secrets.token_bytes(SECRET_BYTES))
    secret = find_secret(connection, name)
    assert secret is not None, "just made"
    return secret


def keep_secret(connection: Connection, name: SecretName, value: bytes) -> None:
    """Let a secret be this one where there is none yet."""
    insert_missing(connection, store_secrets, [{"name": name, "value": value}])


def forget_secret(connection: Connection, name: SecretName) -> None:
    """Forget a secret: the next who needs it makes another, and nothing signed under the old one counts any more."""
    connection.execute(delete(store_secrets).where(store_secrets.c.name == name))
