"""The outbox holds what is to be told, once for each who wants to hear it, until it is settled."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from features.store import Store
from features.store.outbox import (
    DELIVERED_KEPT,
    GIVEN_UP_KEPT,
    RETRIED_FOR,
    Announcement,
    Message,
    Queue,
    State,
    announce,
    clear_settled,
    is_due,
    put_back,
    queue,
    settle,
    take,
)
from features.store.schema import outbox
from features.topics import Subscriber, Topic

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
CRM, PAGER = Subscriber("crm", frozenset(Topic)), Subscriber("pager", frozenset({Topic.SLA_BREACHED}))
GOLDEN = Announcement(Topic.GOLDEN, {"lead_id": "a", "at": NOW}, "a", "msg_1")


def tell(store: Store, *announcements: Announcement, subscribers: Sequence[Subscriber] = (CRM, PAGER)) -> None:
    with store.writing() as connection:
        announce(connection, subscribers, announcements or (GOLDEN,), NOW)


def taken(store: Store, now: datetime = NOW, endpoint: str = "crm") -> Message | None:
    with store.writing() as connection:
        return take(connection, endpoint, now, MINUTE)


def rows(store: Store) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(select(outbox).order_by(outbox.c.id)).mappings())


def test_each_who_wants_the_topic_gets_a_message(store: Store) -> None:
    tell(store, GOLDEN, Announcement(Topic.SLA_BREACHED, {}, "b"))
    told = [(row["endpoint"], row["topic"], row["lead_id"]) for row in rows(store)]
    assert told == [("crm", "lead.golden", "a"), ("crm", "sla.breached", "b"), ("pager", "sla.breached", "b")]


def test_the_body_says_what_happened_and_when(store: Store) -> None:
    tell(store)
    assert orjson.loads(rows(store)[0]["body"]) == {
        "id": "msg_1",
        "topic": "lead.golden",
        "created_at": "2026-03-15T12:00:00Z",
        "data": {"lead_id": "a", "at": "2026-03-15T12:00:00Z"},
    }


def test_an_event_that_is_announced_again_counts_once(store: Store) -> None:
    tell(store)
    tell(store, GOLDEN, replace(GOLDEN, event_id="msg_2"), replace(GOLDEN, event_id=None))
    ids = [row["event_id"] for row in rows(store)]
    assert ids[:2] == ["msg_1", "msg_2"]
    assert len(ids) == 3


def test_what_is_undone_is_not_told(store: Store) -> None:
    with store.writing() as connection:
        announce(connection, [CRM], [GOLDEN], NOW)
        connection.rollback()
    assert rows(store) == []


def test_a_message_that_is_taken_is_due_again_only_when_its_lease_has_passed(store: Store) -> None:
    tell(store)
    first = taken(store)
    assert first is not None
    assert first.attempts == 1
    assert taken(store, NOW + MINUTE / 2) is None
    again = taken(store, NOW + MINUTE)
    assert again == replace(first, attempts=2)


def test_a_message_is_for_its_own_endpoint(store: Store) -> None:
    tell(store)
    assert taken(store, endpoint="pager") is None


def test_two_who_take_at_once_take_different_messages(store: Store) -> None:
    if store.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    tell(store, GOLDEN, replace(GOLDEN, event_id="msg_2"))
    with store.writing() as one, store.writing() as other:
        messages = take(one, "crm", NOW, MINUTE), take(other, "crm", NOW, MINUTE)
        assert take(one, "crm", NOW, MINUTE) is None
    assert {message.event_id for message in messages if message} == {"msg_1", "msg_2"}


def test_the_longest_due_goes_first(store: Store) -> None:
    tell(store, GOLDEN, replace(GOLDEN, event_id="msg_2"))
    first = taken(store)
    assert first is not None
    with store.writing() as connection:
        put_back(connection, first, NOW + MINUTE, "answered 500")
        assert is_due(connection, "crm", NOW)
        second = take(connection, "crm", NOW, MINUTE)
        assert not is_due(connection, "crm", NOW)
    assert second is not None
    assert (first.event_id, second.event_id) == ("msg_1", "msg_2")


def test_a_settled_message_is_not_taken_again(store: Store) -> None:
    tell(store)
    message = taken(store)
    assert message is not None
    with store.writing() as connection:
        settle(connection, message, State.DELIVERED, NOW)
    assert taken(store, NOW + RETRIED_FOR) is None


def test_an_attempt_that_took_longer_than_its_lease_changes_nothing_of_the_next(store: Store) -> None:
    tell(store)
    slow, quick = taken(store), taken(store, NOW + MINUTE)
    assert slow is not None
    assert quick is not None
    with store.writing() as connection:
        settle(connection, slow, State.GIVEN_UP, NOW, "too late")
        settle(connection, quick, State.DELIVERED, NOW)
        put_back(connection, quick, NOW, "too late")
    assert [(row["state"], row["last_error"]) for row in rows(store)] == [("delivered", None)]


def test_the_queue_counts_what_waits_and_what_was_given_up(store: Store) -> None:
    with store.reading() as connection:
        assert queue(connection) == Queue(0, None, 0)
    tell(store, *(replace(GOLDEN, event_id=f"msg_{at}") for at in range(4)))
    for state in (State.DELIVERED, State.GIVEN_UP):
        message = taken(store)
        assert message is not None
        with store.writing() as connection:
            settle(connection, message, state, NOW, "x" * 1_000)
    with store.reading() as connection:
        assert queue(connection) == Queue(2, NOW, 1)


@pytest.mark.parametrize(("state", "kept"), [(State.DELIVERED, DELIVERED_KEPT), (State.GIVEN_UP, GIVEN_UP_KEPT)])
def test_settled_messages_are_removed_in_time(store: Store, state: State, kept: timedelta) -> None:
    tell(store)
    message = taken(store)
    assert message is not None
    with store.writing() as connection:
        settle(connection, message, state, NOW)
        clear_settled(connection, ["crm"], NOW + kept)
    assert len(rows(store)) == 1
    with store.writing() as connection:
        clear_settled(connection, ["crm"], NOW + kept + MINUTE)
    assert rows(store) == []


def test_what_waits_for_a_webhook_that_there_is_no_more_is_given_up_in_time(store: Store) -> None:
    tell(store, GOLDEN, subscribers=[CRM, Subscriber("former", frozenset(Topic))])
    for after in (RETRIED_FOR, RETRIED_FOR + MINUTE):
        with store.writing() as connection:
            clear_settled(connection, ["crm"], NOW + after)
        states = [(row["endpoint"], row["state"]) for row in rows(store)]
        assert states == [("crm", "waiting"), ("former", "given up" if after > RETRIED_FOR else "waiting")]
