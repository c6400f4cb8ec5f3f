"""A key is taken together with the work, and its answer is kept for a day."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, text

from features.store import Store, open_store
from features.store.idempotency import KEPT, KeptAnswer, KeyBusyError, WriteKey, keep_answer, reserve
from features.store.leads import find_lead, put_lead
from features.store.schema import idempotency_keys, idempotency_leads

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
WRITE = WriteKey("7", "key", "d" * 64)
SECOND = timedelta(seconds=1)


def answer(store: Store, write: WriteKey = WRITE, now: datetime = NOW) -> KeptAnswer | None:
    """Do a write whose answer is "done"; give the first answer where there was one."""
    with store.writing() as connection:
        first = reserve(connection, write, now)
        if first is None:
            keep_answer(connection, write, 201, b"done", ["a", "b", "a"])
        return first


def count(store: Store) -> tuple[int, ...]:
    with store.reading() as connection:
        tables = (idempotency_keys, idempotency_leads)
        return tuple(connection.execute(select(func.count()).select_from(each)).scalar_one() for each in tables)


def test_the_first_write_has_no_answer_and_the_second_gets_that_of_the_first(store: Store, store_url: str) -> None:
    assert answer(store) is None
    again = open_store(store_url)
    assert answer(again) == KeptAnswer(201, b"done", "d" * 64)
    again.close()
    assert count(store) == (1, 2)


def test_a_key_is_the_callers_own(store: Store) -> None:
    answer(store)
    assert answer(store, WriteKey("8", "key", "d" * 64)) is None


def test_the_answer_says_to_which_request_it_was_given(store: Store) -> None:
    answer(store)
    first = answer(store, WriteKey("7", "key", "e" * 64))
    assert first is not None
    assert first.digest == "d" * 64


def test_work_that_fails_leaves_neither_key_nor_work(store: Store) -> None:
    def fail() -> None:
        with store.writing() as connection:
            reserve(connection, WRITE, NOW)
            put_lead(connection, "a", {}, handed_over_at=None, owner=None, now=NOW)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with store.reading() as connection:
        assert find_lead(connection, "a") is None
    assert count(store) == (0, 0)
    assert answer(store) is None


def test_an_answer_is_kept_for_a_day_and_then_the_key_is_free(store: Store) -> None:
    answer(store)
    assert answer(store, now=NOW + KEPT - SECOND) is not None
    assert answer(store, now=NOW + KEPT) is None


def test_old_answers_go_when_others_come(store: Store) -> None:
    for number in range(5):
        answer(store, WriteKey("7", str(number), "d" * 64))
    answer(store, now=NOW + KEPT)
    assert count(store) == (1, 2)


def test_a_key_that_another_process_holds_is_busy(postgres_url: str) -> None:
    one, other = open_store(postgres_url), open_store(postgres_url)
    with one.writing() as connection:
        reserve(connection, WRITE, NOW)
        with pytest.raises(KeyBusyError):
            reserve_soon(other, WRITE)
        assert reserve_soon(other, WriteKey("7", "another", "d" * 64)) is None
    one.close()
    other.close()


def reserve_soon(store: Store, write: WriteKey) -> KeptAnswer | None:
    """Reserve a key, or fail where that has to wait for someone."""
    with store.writing() as connection:
        connection.execute(text("SET LOCAL lock_timeout = '5s'"))
        return reserve(connection, write, NOW)
