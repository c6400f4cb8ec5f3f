"""Work on the store, which waits for disks and networks: in threads of its own, so much at a time, and not for ever."""

import asyncio
from collections.abc import Callable
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AbstractContextManager
from typing import TypeVar

from prometheus_client import Gauge
from sqlalchemy import Connection

from features.errors import StoreError
from features.store import Store
from serving.http.admission import Gate

P = TypeVar("P")
T = TypeVar("T")

TIMEOUT_S = 10.0  # how long a request waits for the store


class StoreWork:
    """Lets in `at_once` pieces of work and keeps `waiting` more; all others are asked to come back (429).

    The embedded store has one writer at a time: writes then stand in one line, which is quicker than trying again.
    """

    def __init__(
        self, store: Store, at_once: int, waiting: int, timeout_s: float = TIMEOUT_S, *, inside: Gauge | None = None
    ) -> None:
        self._store = store
        self._gate = Gate(at_once, waiting, inside)
        self._timeout_s = timeout_s
        self._readers = ThreadPoolExecutor(at_once, "store-read")
        self._writers = ThreadPoolExecutor(1 if store.is_sqlite else at_once, "store-write")

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Do what only reads. Raises StoreError where the store cannot be used, or does not answer in time."""
        return await self._run(self._readers, lambda: self._with(self._store.reading, work))

    async def write(self, work: Callable[[Connection], T]) -> T:
        """Do what writes: all of it or, where it raises anything, nothing.

        Raises StoreError as `read` does; only after a time-out may the work still be done, or not.
        """
        return await self._run(self._writers, lambda: self._with(self._store.writing, work))

    async def write_prepared(self, prepare: Callable[[], P], work: Callable[[Connection, P], T]) -> T:
        """Do what writes with what `prepare` gives, which needs no store and holds up no other writer."""

        def do() -> T:
            prepared = prepare()
            return self._with(self._store.writing, lambda connection: work(connection, prepared))

        return await self._run(self._writers, do)

    async def sweep(self, up_to_bytes: int) -> bool:
        """Clear away what is left of deleted rows, however long it takes; see `Store.sweep`."""
        return await asyncio.get_running_loop().run_in_executor(self._writers, self._store.sweep, up_to_bytes)

    def stop(self) -> None:
        """Let the work that is under way end, and begin no other."""
        for threads in (self._readers, self._writers):
            threads.shutdown(cancel_futures=True)

    async def _run(self, threads: Executor, do: Callable[[], T]) -> T:
        async with self._gate.entered():
            try:
                async with asyncio.timeout(self._timeout_s):
                    return await asyncio.get_running_loop().run_in_executor(threads, do)
            except TimeoutError:
                raise StoreError("the store did not answer in time") from None

    @staticmethod
    def _with(opened: Callable[[], AbstractContextManager[Connection]], work: Callable[[Connection], T]) -> T:
        with opened() as connection:
            return work(connection)
