"""While a write with a key is under way, the same key has to wait."""

import asyncio
import threading
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from fastapi import Request
from sqlalchemy import Connection

from features.store import Store, open_store
from serving.access import Caller
from serving.http.idempotency import Once, Written
from serving.http.problems import ProblemError
from serving.http.store_work import StoreWork

CALLER = Caller("crm", frozenset(), 7)


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = open_store(sqlite_url)
    yield store
    store.close()


def request(key: str) -> Request:
    headers = [(b"idempotency-key", key.encode())]
    return Request({"type": "http", "method": "PUT", "path": "/x", "query_string": b"", "headers": headers})


def test_a_key_is_busy_until_its_write_is_done_and_other_keys_are_not(store: Store) -> None:
    begun, free = threading.Event(), threading.Event()

    def wait(_: Connection, body: bytes) -> Written:
        begun.set()
        assert free.wait(30)
        return Written(200, body)

    async def scenario() -> None:
        work = StoreWork(store, at_once=2, waiting=8)
        once = Once(work, lambda: datetime(2026, 3, 15, tzinfo=UTC))
        first = asyncio.create_task(once.write(request("1"), CALLER, b"one", bytes, wait))
        await asyncio.to_thread(begun.wait)
        with pytest.raises(ProblemError, match="is under way") as busy:
            await once.write(request("1"), CALLER, b"one", bytes, wait)
        assert (busy.value.status, busy.value.headers) == (409, {"Retry-After": "1"})
        other = asyncio.create_task(once.write(request("2"), CALLER, b"two", bytes, wait))
        free.set()
        assert [(await each).body for each in (first, other)] == [b"one", b"two"]
        again = await once.write(request("1"), CALLER, b"one", bytes, wait)
        assert (again.body, again.headers["Idempotency-Replayed"]) == (b"one", "true")
        work.stop()

    asyncio.run(scenario())


def test_a_body_that_can_no_longer_be_read_still_gets_its_answer(store: Store) -> None:
    def refuse(_: bytes) -> bytes:
        raise ProblemError(422, "the model changed")

    async def scenario() -> None:
        work = StoreWork(store, at_once=1, waiting=8)
        once = Once(work, lambda: datetime(2026, 3, 15, tzinfo=UTC))
        with pytest.raises(ProblemError, match="the model changed"):
            await once.write(request("1"), CALLER, b"one", refuse, lambda _, body: Written(200, body))
        await once.write(request("1"), CALLER, b"one", bytes, lambda _, body: Written(200, body))
        again = await once.write(request("1"), CALLER, b"one", refuse, lambda _, body: Written(200, body))
        assert again.body == b"one"
        work.stop()

    asyncio.run(scenario())
