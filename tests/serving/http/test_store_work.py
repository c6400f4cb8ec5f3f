"""Work on the store is done beside the event loop, so much at a time, and is not waited for without end."""

import asyncio
import threading
from collections.abc import Iterator

import pytest
from sqlalchemy import Connection

from features.errors import StoreError
from features.store import Store, open_store
from serving.http.problems import ProblemError
from serving.http.store_work import StoreWork


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = open_store(sqlite_url)
    with store.writing():
        pass
    yield store
    store.close()


class Held:
    """Work that waits until it is let go."""

    def __init__(self) -> None:
        self.begun, self.free = threading.Event(), threading.Event()

    def __call__(self, _: Connection) -> str:
        self.begun.set()
        assert self.free.wait(30)
        return threading.current_thread().name


def test_work_is_done_in_a_thread_of_its_own(store: Store) -> None:
    async def scenario() -> str:
        work = StoreWork(store, at_once=1, waiting=0)
        name = await work.write(lambda _: threading.current_thread().name)
        work.stop()
        return name

    assert asyncio.run(scenario()).startswith("store-write")


def test_who_finds_all_places_taken_is_asked_to_come_back(store: Store) -> None:
    async def scenario() -> None:
        work, held = StoreWork(store, at_once=1, waiting=0), Held()
        first = asyncio.create_task(work.read(held))
        await asyncio.to_thread(held.begun.wait)
        with pytest.raises(ProblemError, match="send this one again") as refused:
            await work.read(lambda _: None)
        assert refused.value.status == 429
        held.free.set()
        await first
        await work.read(lambda _: None)
        work.stop()

    asyncio.run(scenario())


def test_a_store_that_does_not_answer_in_time_is_a_store_that_cannot_be_used(store: Store) -> None:
    async def scenario() -> None:
        work, held = StoreWork(store, at_once=1, waiting=3, timeout_s=0.01), Held()
        with pytest.raises(StoreError, match="did not answer in time"):
            await work.read(held)
        done: list[int] = []
        with pytest.raises(StoreError, match="did not answer in time"):
            await work.read(lambda _: done.append(1))
        held.free.set()
        work.stop()
        assert done == []

    asyncio.run(scenario())


def test_writes_to_the_embedded_store_stand_in_one_line(store: Store) -> None:
    async def scenario() -> set[str]:
        work = StoreWork(store, at_once=4, waiting=8)
        names = await asyncio.gather(*(work.write(lambda _: threading.current_thread().name) for _ in range(8)))
        work.stop()
        return set(names)

    assert len(asyncio.run(scenario())) == 1


def test_work_that_fails_leaves_nothing_and_says_what_failed(store: Store) -> None:
    def fail(_: Connection) -> None:
        raise LookupError

    async def scenario() -> None:
        work = StoreWork(store, at_once=1, waiting=0)
        with pytest.raises(LookupError):
            await work.write(fail)
        work.stop()

    asyncio.run(scenario())
