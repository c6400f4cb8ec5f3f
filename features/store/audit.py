"""Who did what that others must be able to ask about. No entry names a lead, so that erasing one leaves it whole."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from features.store.schema import DETAIL_CHARACTERS, ID_CHARACTERS, NAME_CHARACTERS, audit_log


class Action(StrEnum):
    """What is noted."""

    KEY_MADE = "key made"
    KEY_REVOKED = "key revoked"
    LOGGED_IN = "logged in"
    SESSIONS_ENDED = "sessions ended"
    MODEL_PROMOTED = "model promoted"
    MODEL_ROLLED_BACK = "model rolled back"
    ROLLBACK_ASKED = "rollback asked for"
    LEAD_ERASED = "lead erased"
    STORE_RESTORED = "store restored"


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit log; `at` is UTC. `subject` is what it was done to, `detail` how or why."""

    at: datetime
    who: str
    action: str
    subject: str | None
    detail: str | None


def note(
    connection: Connection,
    who: str,
    action: Action,
    *,
    now: datetime,
    subject: str | None = None,
    detail: str | None = None,
) -> None:
    """Note that someone did something, in the transaction in which it is done; what is too long is cut."""
    values = {
        "at": now,
        "who": who[:NAME_CHARACTERS],
        "action": action.value,
        "subject": subject and subject[:ID_CHARACTERS],
        "detail": detail and detail[:DETAIL_CHARACTERS],
    }
    connection.execute(insert(audit_log).values(values))


def newest_entries(connection: Connection, count: int, since: datetime | None = None) -> list[AuditEntry]:
    """Give the newest entries, at most `count` of them and none from before `since`; the newest comes first."""
    columns = audit_log.c["at", "who", "action", "subject", "detail"]
    wanted = select(*columns).order_by(audit_log.c.id.desc()).limit(count)
    if since is not None:
        wanted = wanted.where(audit_log.c.at >= since)
    return [AuditEntry(**row._mapping) for row in connection.execute(wanted)]
