"""What was done to a store for good, which no older copy of it may undo: erasures, and keys that were revoked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, insert, inspect, select, update

from features.store.audit import Action
from features.store.erased import digest_of_erased, erasure_secret
from features.store.erasure import erase_lead
from features.store.insert_missing import insert_missing
from features.store.own_secrets import SecretName, keep_secret
from features.store.schema import api_keys, audit_log, erased_leads, leads

_AUDIT_COLUMNS = ("at", "who", "action", "subject", "detail")


@dataclass(frozen=True)
class Lasting:
    """What one store knows of it.

    secret: under which erased leads are remembered; None where none ever was. erased: the digest of every lead that
    was ever erased, and when last. gone: the rows of those that did not come in again. noted: what the audit log says
    of erasures. revoked: by the digest of a key, when it was revoked.
    """

    secret: bytes | None
    erased: Mapping[str, datetime]
    gone: Sequence[Mapping[str, Any]]
    noted: Sequence[Mapping[str, Any]]
    revoked: Mapping[str, datetime]


@dataclass(frozen=True)
class DoneAgain:
    """How many leads were erased, and how many keys revoked, once more."""

    erased: int = 0
    revoked: int = 0


NOTHING = Lasting(None, {}, (), (), {})


def lasting_of(connection: Connection) -> Lasting:
    """Give what a store knows, also one whose tables are of an earlier version."""
    there = set(inspect(connection).get_table_names())
    if not {table.name for table in (erased_leads, audit_log, api_keys)} <= there:
        return NOTHING  # from before there were leads to erase
    gone = [dict(row) for row in connection.execute(select(erased_leads)).mappings()]
    erasures = select(*audit_log.c[_AUDIT_COLUMNS]).where(audit_log.c.action == Action.LEAD_ERASED)
    noted = [dict(row) for row in connection.execute(erasures).mappings()]
    moments = [(row["digest"], row["erased_at"]) for row in gone] + [(row["subject"], row["at"]) for row in noted]
    revoked = select(api_keys.c.digest, api_keys.c.revoked_at).where(api_keys.c.revoked_at.is_not(None))
    return Lasting(
        secret=erasure_secret(connection),
        erased=dict(sorted(moments, key=itemgetter(1))),
        gone=gone,
        noted=noted,
        revoked={row.digest: row.revoked_at for row in connection.execute(revoked)},
    )


def do_again(connection: Connection, lasting: Lasting) -> DoneAgain:
    """Do to a store what was done to another one for good, in a transaction that may write.

    A lead that was erased and came in again later, as a new one, stays. Where the two stores share no secret, as
    copies of one store do, leads are erased all the same; only those that are not here cannot be remembered as erased.
    """
    return DoneAgain(_erase_again(connection, lasting), _revoke_again(connection, lasting))


def _erase_again(connection: Connection, lasting: Lasting) -> int:
    if lasting.secret is None:
        return 0
    keep_secret(connection, SecretName.ERASED_LEADS, lasting.secret)
    found = list(_returned(connection, lasting.secret, lasting.erased))
    for lead_id, erased_at in found:
        erase_lead(connection, lead_id, erased_at)
    if erasure_secret(connection) == lasting.secret:
        insert_missing(connection, erased_leads, lasting.gone)
        _note_again(connection, lasting.noted)
    return len(found)


def _returned(connection: Connection, secret: bytes, erased: Mapping[str, datetime]) -> list[tuple[str, datetime]]:
    """Give the leads that were erased after they came in, and when."""
    found = []
    for lead_id, created_at in connection.execute(select(leads.c.lead_id, leads.c.created_at)):
        erased_at = erased.get(digest_of_erased(secret, lead_id))
        if erased_at is not None and created_at <= erased_at:
            found.append((lead_id, erased_at))
    return found


def _note_again(connection: Connection, noted: Sequence[Mapping[str, Any]]) -> None:
    there = {tuple(row) for row in connection.execute(select(audit_log.c.at, audit_log.c.subject))}
    missing = [row for row in noted if (row["at"], row["subject"]) not in there]
    if missing:
        connection.execute(insert(audit_log), missing)


def _revoke_again(connection: Connection, lasting: Lasting) -> int:
    good = update(api_keys).where(api_keys.c.revoked_at.is_(None))
    return sum(
        connection.execute(good.where(api_keys.c.digest == digest).values(revoked_at=revoked_at)).rowcount
        for digest, revoked_at in lasting.revoked.items()
    )
