"""Writes to a database that has any number of writers: in a few threads, each write in a transaction of its own."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from sqlalchemy import Connection

from features.store import Store


class WriterPool:
    """Threads that write, until `stop`."""

    def __init__(self, store: Store, at_once: int) -> None:
        self._store = store
        self._threads = ThreadPoolExecutor(at_once, "store-write")

    def write(self, prepare: Callable[[], Any], work: Callable[[Connection, Any], Any]) -> "Future[Any]":
        """Write what `work` does with what `prepare` gives: all of it or, where it raises anything, nothing."""
        return self._threads.submit(self._write, prepare, work)

    def do(self, do: Callable[[], Any]) -> "Future[Any]":
        """Do something else beside the writers."""
        return self._threads.submit(do)

    def stop(self) -> None:
        """Let what is under way end, and begin nothing more."""
        self._threads.shutdown(cancel_futures=True)

    def _write(self, prepare: Callable[[], Any], work: Callable[[Connection, Any], Any]) -> Any:
        prepared = prepare()
        with self._store.writing() as connection:
            return work(connection, prepared)
