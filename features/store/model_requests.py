"""Rollbacks that people ask for on the page, for the process that follows the registry to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from features.store.schema import DETAIL_CHARACTERS, NAME_CHARACTERS, model_requests

TAKEN_FOR = timedelta(minutes=10)  # who took a request and is silent for longer has died; another may take it


@dataclass(frozen=True)
class ModelRequest:
    """One wish to go back from the `champion` that the page showed to a `version`.

    It is open until `done_at`; then it was done, unless a `refusal` says why not.
    """

    id: int
    champion: str
    version: str
    who: str
    why: str
    asked_at: datetime
    taken_at: datetime | None = None
    done_at: datetime | None = None
    refusal: str | None = None


def ask_for_rollback(connection: Connection, champion: str, version: str, *, who: str, why: str, now: datetime) -> bool:
    """Ask to go back; False, and nothing is asked, where another wish is open still."""
    last = newest_request(connection)
    if last is not None and last.done_at is None:
        return False
    row = {
        "champion": champion,
        "version": version,
        "who": who[:NAME_CHARACTERS],
        "why": why[:DETAIL_CHARACTERS],
        "asked_at": now,
    }
    connection.execute(insert(model_requests).values(row))
    return True


def newest_request(connection: Connection) -> ModelRequest | None:
    """Give the last wish; None where there was none yet."""
    newest = select(model_requests).order_by(model_requests.c.id.desc()).limit(1)
    row = connection.execute(newest).mappings().one_or_none()
    return None if row is None else ModelRequest(**row)


def has_open_request(connection: Connection, now: datetime) -> bool:
    """Say whether a wish waits to be taken."""
    return connection.execute(select(model_requests.c.id).where(*_is_open(now)).limit(1)).first() is not None


def take_request(connection: Connection, now: datetime) -> ModelRequest | None:
    """Take the oldest open wish, which nobody else then does; None where there is none."""
    oldest = select(model_requests.c.id).where(*_is_open(now)).order_by(model_requests.c.id).limit(1)
    number = connection.execute(oldest.with_for_update(skip_locked=True)).scalar_one_or_none()
    if number is None:
        return None
    taken = update(model_requests).where(model_requests.c.id == number).values(taken_at=now).returning(model_requests)
    return ModelRequest(**connection.execute(taken).mappings().one())


def settle_request(connection: Connection, number: int, now: datetime, refusal: str | None = None) -> None:
    """Note that a wish was done, or why it was not."""
    settled = {"done_at": now, "refusal": refusal and refusal[:DETAIL_CHARACTERS]}
    connection.execute(update(model_requests).where(model_requests.c.id == number).values(settled))


def _is_open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    given_up = model_requests.c.taken_at < now - TAKEN_FOR
    return (model_requests.c.done_at.is_(None), or_(model_requests.c.taken_at.is_(None), given_up))
