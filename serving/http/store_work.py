"""Work on the store, which waits for disks and networks: in threads of its own, so much at a time, and not for ever."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

from prometheus_client import Gauge
from sqlalchemy import Connection

from features.errors import StoreError
from features.store import Store
from serving.http.admission import Gate
from serving.http.write_line import WriteLine
from serving.http.writer_pool import WriterPool

P = TypeVar("P")
T = TypeVar("T")

# Threads that write to PostgreSQL. More only contend for the interpreter and the processors: on two cores, two did 493
# batches a second and refused the rest within 5 ms, four did 427 and took up to 56 ms.
WRITERS = 2
TIMEOUT_S = 10.0  # how long a request waits for the store


class StoreWork:
    """Does `at_once` pieces of work and keeps `waiting` more; all others are asked to come back (429).

    The embedded store has one writer at a time: what is to be written there stands in one line (`WriteLine`).
    """

    def __init__(
        self, store: Store, at_once: int, waiting: int, timeout_s: float = TIMEOUT_S, *, inside: Gauge | None = None
    ) -> None:
        self._store = store
        self._gate = Gate(at_once + waiting, inside=inside)
        self._timeout_s = timeout_s
        self._readers = ThreadPoolExecutor(at_once, "store-read")
        self._writers = WriteLine(store) if store.is_sqlite else WriterPool(store, min(WRITERS, at_once))

    @property
    def is_full(self) -> bool:
        """Say whether the next piece of work would be sent away."""
        return self._gate.is_full

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do what only reads. Raises StoreError where the store cannot be used, or does not answer in time."""
        return await self._done(lambda: self._readers.submit(self._with, self._store.reading, work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do what writes: all of it or, where it raises anything, nothing.

        Raises StoreError as `read` does; only after a time-out may the work still be done, or not.
        """
        return await self.write_prepared(_nothing, lambda connection, _: work(connection))

    async def write_prepared(self, prepare: Callable[[], P], work: Callable[[Connection, P], T]) -> T:
        """Do what writes with what `prepare` gives, which needs no store. The work may be tried twice."""
        return await self._done(lambda: self._writers.write(prepare, work))

    async def sweep(self, up_to_bytes: int) -> bool:
        """Clear away what is left of deleted rows, however long it takes; see `Store.sweep`."""
        swept = self._writers.do(lambda: self._store.sweep(up_to_bytes))
        return bool(await asyncio.wrap_future(swept))

    def stop(self) -> None:
        """Let the work that is under way end, and begin no other."""
        self._readers.shutdown(cancel_futures=True)
        self._writers.stop()

    async def _done(self, begin: Callable[[], "Future[T]"]) -> T:
        async with self._gate.entered():
            try:
                async with asyncio.timeout(self._timeout_s):
                    return await asyncio.wrap_future(begin())
            except TimeoutError:
                raise StoreError("the store did not answer in time") from None

    @staticmethod
    def _with(opened: Callable[[], AbstractContextManager[Connection]], work: Callable[[Connection], T]) -> T:
        with opened() as connection:
            return work(connection)


def _nothing() -> None:
    return None
