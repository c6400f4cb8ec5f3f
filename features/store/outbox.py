"""The outbox: what is to be told to other systems, written in the transaction of what it tells of.

So it is told if and only if that stays. `serving.webhooks` sends it; here is what waits, who takes it and how it ended.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from hashlib import sha256
from typing import Any
from uuid import uuid4

import orjson
from sqlalchemy import Connection, Select, delete, func, select, update

from features.store.insert_missing import insert_missing
from features.store.schema import outbox
from features.topics import Subscriber, Topic

RETRIED_FOR = timedelta(days=3)
DELIVERED_KEPT = timedelta(days=14)  # long enough that what is announced once is not announced again
GIVEN_UP_KEPT = timedelta(days=90)  # to be looked into
ERROR_CHARACTERS = 500


class State(StrEnum):
    """How a message stands."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    GIVEN_UP = "given up"


@dataclass(frozen=True)
class Announcement:
    """Something that happened, to be told to whoever wants to hear of its topic.

    data: plain JSON values, with no more of a person than needed: it leaves the house. lead_id: whom it is about, so
    that erasing a lead finds it. event_id: tells it apart, so that it counts once (see `event_id_of`); made up where
    it is None.
    """

    topic: Topic
    data: Mapping[str, Any]
    lead_id: str | None = None
    event_id: str | None = None


@dataclass(frozen=True)
class Message:
    """One message for one webhook, taken to be sent. `attempts` counts this one; `body` is what is signed and sent."""

    id: int
    event_id: str
    body: bytes
    attempts: int
    created_at: datetime


@dataclass(frozen=True)
class Queue:
    """How full the outbox is. oldest_at: since when the oldest message waits; None where none does."""

    waiting: int
    oldest_at: datetime | None
    given_up: int


def announce(
    connection: Connection, subscribers: Sequence[Subscriber], announcements: Iterable[Announcement], now: datetime
) -> None:
    """Put a message for each subscriber that wants the topic into the outbox, in the caller's transaction.

    An announcement whose `event_id` is in the outbox already is passed over.
    """
    rows = [row for each in announcements for row in _rows(each, subscribers, now)]
    insert_missing(connection, outbox, rows)


def event_id_of(*parts: str) -> str:
    """Give the id of what these words tell apart from everything else, the same for whoever announces it.

    >>> event_id_of("lead.golden", "42", "0")
    'msg_f30d6babf45ecb73309cf805dda203ad'
    """
    return f"msg_{sha256(orjson.dumps(parts)).hexdigest()[:32]}"


def is_due(connection: Connection, endpoint: str, now: datetime) -> bool:
    """Say whether there is a message to send to a webhook now, without holding up anybody."""
    return connection.execute(_due(endpoint, now)).first() is not None


def take(connection: Connection, endpoint: str, now: datetime, lease: timedelta) -> Message | None:
    """Take the message that has been due longest, for as long as `lease`; None where none is due.

    Nobody else takes it meanwhile. When the lease passes without `settle`, as where its taker died, it is due again.
    """
    row = connection.execute(_due(endpoint, now).with_for_update(skip_locked=True)).one_or_none()
    if row is None:
        return None
    taken = {"attempts": row.attempts + 1, "next_attempt_at": now + lease}
    connection.execute(update(outbox).where(outbox.c.id == row.id).values(taken))
    return Message(row.id, row.event_id, row.body, row.attempts + 1, row.created_at)


def settle(connection: Connection, message: Message, state: State, now: datetime, error: str | None = None) -> None:
    """Write down that a message was delivered, or given up."""
    _end_attempt(connection, message, {"state": state.value, "settled_at": now, "last_error": _short(error)})


def put_back(connection: Connection, message: Message, again_at: datetime, error: str) -> None:
    """Let a message that could not be delivered wait until then."""
    _end_attempt(connection, message, {"next_attempt_at": again_at, "last_error": _short(error)})


def clear_settled(connection: Connection, endpoints: Sequence[str], now: datetime) -> None:
    """Remove what was settled long ago, and give up what waits for a webhook that there is no more."""
    kept = {State.DELIVERED: DELIVERED_KEPT, State.GIVEN_UP: GIVEN_UP_KEPT}
    for state, span in kept.items():
        old = (outbox.c.state == state.value) & (outbox.c.settled_at < now - span)
        connection.execute(delete(outbox).where(old))
    gone = (outbox.c.state == State.WAITING.value) & outbox.c.endpoint.not_in(endpoints)
    values = {"state": State.GIVEN_UP.value, "settled_at": now, "last_error": "the config has no webhook of this name"}
    connection.execute(update(outbox).where(gone, outbox.c.created_at < now - RETRIED_FOR).values(values))


def queue(connection: Connection) -> Queue:
    """Give how many messages wait and were given up."""
    unsettled = outbox.c.state.in_([State.WAITING.value, State.GIVEN_UP.value])
    counted = select(outbox.c.state, func.count(), func.min(outbox.c.created_at)).where(unsettled)
    found = {state: (count, oldest) for state, count, oldest in connection.execute(counted.group_by(outbox.c.state))}
    waiting, oldest_at = found.get(State.WAITING.value, (0, None))
    given_up, _ = found.get(State.GIVEN_UP.value, (0, None))
    return Queue(waiting, oldest_at, given_up)


def _rows(announcement: Announcement, subscribers: Sequence[Subscriber], now: datetime) -> list[dict[str, Any]]:
    wanting = [each.name for each in subscribers if announcement.topic in each.topics]
    if not wanting:
        return []
    event_id = announcement.event_id or f"msg_{uuid4().hex}"
    body = {"id": event_id, "topic": announcement.topic, "created_at": now, "data": announcement.data}
    same = {
        "event_id": event_id,
        "topic": announcement.topic.value,
        "lead_id": announcement.lead_id,
        "body": orjson.dumps(body, option=orjson.OPT_UTC_Z),
        "created_at": now,
        "state": State.WAITING.value,
        "attempts": 0,
        "next_attempt_at": now,
    }
    return [{"endpoint": name, **same} for name in wanting]


def _due(endpoint: str, now: datetime) -> Select[Any]:
    table = outbox.c
    columns = (table.id, table.event_id, table.body, table.attempts, table.created_at)
    mine = (table.endpoint == endpoint) & (table.state == State.WAITING.value) & (table.next_attempt_at <= now)
    return select(*columns).where(mine).order_by(table.next_attempt_at, table.id).limit(1)


def _end_attempt(connection: Connection, message: Message, values: dict[str, Any]) -> None:
    """Write how an attempt ended, unless another one was begun meanwhile, or the lead was erased."""
    this = (outbox.c.id == message.id) & (outbox.c.attempts == message.attempts)
    still = outbox.c.state == State.WAITING.value
    connection.execute(update(outbox).where(this, still).values(values))


def _short(error: str | None) -> str | None:
    return None if error is None else error[:ERROR_CHARACTERS]
