"""A wish to roll back is asked once, taken once, and told what became of it."""

from datetime import UTC, datetime, timedelta

from features.store import Store
from features.store.model_requests import (
    TAKEN_FOR,
    ModelRequest,
    ask_for_rollback,
    has_open_request,
    newest_request,
    settle_request,
    take_request,
)

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=5)


def ask(store: Store, who: str = "ana") -> bool:
    with store.writing() as connection:
        return ask_for_rollback(connection, "2", "1", who=who, why="complaints", now=NOW)


def take(store: Store, now: datetime) -> ModelRequest | None:
    with store.writing() as connection:
        return take_request(connection, now)


def newest(store: Store) -> ModelRequest | None:
    with store.reading() as connection:
        return newest_request(connection)


def test_a_second_wish_is_not_asked_while_the_first_is_open(store: Store) -> None:
    assert newest(store) is None
    assert ask(store)
    assert not ask(store, "ben")
    found = newest(store)
    assert found is not None
    assert found == ModelRequest(found.id, "2", "1", "ana", "complaints", NOW)


def test_a_wish_is_taken_once_and_by_another_only_when_its_taker_is_silent_for_long(store: Store) -> None:
    ask(store)
    taken = take(store, LATER)
    assert taken is not None
    assert taken.taken_at == LATER
    assert take(store, LATER + TAKEN_FOR) is None
    again = take(store, LATER + TAKEN_FOR + timedelta(seconds=1))
    assert again is not None
    assert again.id == taken.id


def test_a_wish_that_is_settled_waits_no_more_and_says_why_it_was_refused(store: Store) -> None:
    ask(store)
    with store.writing() as connection:
        assert has_open_request(connection, LATER)
        taken = take_request(connection, LATER)
        assert taken is not None
        assert not has_open_request(connection, LATER)
        settle_request(connection, taken.id, LATER, "r" * 900)
    found = newest(store)
    assert found is not None
    assert (found.done_at, found.refusal) == (LATER, "r" * 500)
    assert take(store, LATER + 2 * TAKEN_FOR) is None
    assert ask(store, "ben")
