"""Which leads were erased: remembered by a digest under the store's own secret, so that no import brings them back.

Whoever holds the store's file can test an id that they already have; nobody can read one out of it.
"""

import hashlib
import hmac
from datetime import datetime

from sqlalchemy import Connection, delete, select

from features.store.insert_missing import insert_missing
from features.store.own_secrets import SecretName, find_secret, made_secret
from features.store.schema import erased_leads


def erasure_secret(connection: Connection) -> bytes | None:
    """Give the secret under which erased leads are remembered; None where none was ever erased."""
    return find_secret(connection, SecretName.ERASED_LEADS)


def digest_of_erased(secret: bytes, lead_id: str) -> str:
    """Give what is remembered of an erased lead: HMAC-SHA256 of its id, hex.

    >>> digest_of_erased(b"secret", "42")[:12]
    '93c121e7aa43'
    """
    return hmac.new(secret, lead_id.encode(), hashlib.sha256).hexdigest()


def erased_as(connection: Connection, lead_id: str) -> str:
    """Give the digest of a lead's id, under which its erasure is remembered."""
    return digest_of_erased(made_secret(connection, SecretName.ERASED_LEADS), lead_id)


def erased_digests(connection: Connection) -> set[str]:
    """Give the digests of all erased leads."""
    return set(connection.execute(select(erased_leads.c.digest)).scalars())


def remember_erasure(connection: Connection, lead_id: str, now: datetime) -> None:
    """Remember that a lead was erased."""
    insert_missing(connection, erased_leads, [{"digest": erased_as(connection, lead_id), "erased_at": now}])


def forget_erasure(connection: Connection, lead_id: str) -> None:
    """Forget that a lead was erased: it has come in again, as a new one."""
    secret = erasure_secret(connection)
    if secret is not None:
        digest = digest_of_erased(secret, lead_id)
        connection.execute(delete(erased_leads).where(erased_leads.c.digest == digest))
