"""Writes to the embedded store, which has one writer at a time, done together.

What waits in line is done in one transaction, each piece within a savepoint of its own, and made safe by one flush of
the disk: the busier the store, the less each write costs. Nobody hears of success before that flush.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field
from functools import partial
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from features.errors import StoreError
from features.store import Store

MOST_TOGETHER = 16  # more would come to the event loop in bursts, and hold up whoever is to be refused


@dataclass(frozen=True)
class _Write:
    """What is to be written: `work` does so with what `prepare` gives, which needs no store."""

    prepare: Callable[[], Any]
    work: Callable[[Connection, Any], Any]
    future: "Future[Any]" = field(default_factory=Future)


@dataclass(frozen=True)
class _Other:
    """What is to be done while nobody writes, in transactions of its own if any."""

    do: Callable[[], Any]
    future: "Future[Any]" = field(default_factory=Future)


class WriteLine:
    """A thread that writes, until `stop`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._line: SimpleQueue[_Write | _Other] = SimpleQueue()
        self._held: _Write | _Other | None = None  # taken out of the line, and next
        self._ended = Event()
        self._thread = Thread(target=self._run, name="store-write", daemon=True)
        self._thread.start()

    def write(self, prepare: Callable[[], Any], work: Callable[[Connection, Any], Any]) -> "Future[Any]":
        """Stand in line with a write: all of it is done or, where it raises anything, nothing.

        It may be tried twice, the first time without a trace.
        """
        write = _Write(prepare, work)
        self._line.put(write)
        return write.future

    def do(self, do: Callable[[], Any]) -> "Future[Any]":
        """Stand in line with something else that must not meet a writer."""
        other = _Other(do)
        self._line.put(other)
        return other.future

    def stop(self) -> None:
        """Let what is under way end, and begin nothing more."""
        self._ended.set()
        self.do(lambda: None)  # wakes the thread
        self._thread.join()
        while (left := self._next_now()) is not None:
            left.future.cancel()

    def _run(self) -> None:
        while not self._ended.is_set():
            first = self._next_now() or self._line.get()
            if isinstance(first, _Other):
                _settle(first.future, first.do)
            else:
                self._write([first, *self._more()])

    def _more(self) -> Iterator[_Write]:
        """Give the writes that wait behind the first."""
        for _ in range(MOST_TOGETHER - 1):
            following = self._next_now()
            if not isinstance(following, _Write):
                self._held = following
                return
            yield following

    def _next_now(self) -> _Write | _Other | None:
        held, self._held = self._held, None
        if held is not None:
            return held
        try:
            return self._line.get_nowait()
        except Empty:
            return None

    def _write(self, together: Sequence[_Write]) -> None:
        ready = list(_prepared(together))
        if not ready:
            return
        try:
            done = self._in_one_transaction(ready)
        except Exception as error:  # whatever it is, its callers are to hear of it
            self._settle_failed(ready, error)
            return
        for (write, _), (result, failed) in zip(ready, done, strict=True):
            if failed is None:
                write.future.set_result(result)
            else:
                write.future.set_exception(failed)

    def _settle_failed(self, ready: "Sequence[tuple[_Write, Any]]", error: Exception) -> None:
        """Nothing was written: with one write it is its own failure, of several each is tried alone."""
        if len(ready) == 1:
            ready[0][0].future.set_exception(error)
            return
        for write, prepared in ready:
            _finish(write.future, partial(self._alone, write, prepared))

    def _alone(self, write: _Write, prepared: Any) -> Any:
        with self._store.writing() as connection:
            return write.work(connection, prepared)

    def _in_one_transaction(self, ready: "Sequence[tuple[_Write, Any]]") -> list[tuple[Any, Exception | None]]:
        """Give what became of each. Raises StoreError, and nothing is written, where the database itself fails."""
        with self._store.writing() as connection:
            return [_within_savepoint(connection, write, prepared) for write, prepared in ready]


def _prepared(writes: Iterable[_Write]) -> Iterator[tuple[_Write, Any]]:
    """Give those writes that are still wanted and can be prepared, each with what it is prepared to."""
    for write in writes:
        if not write.future.set_running_or_notify_cancel():
            continue
        try:
            prepared = write.prepare()
        except Exception as error:  # a refusal: it is the answer
            write.future.set_exception(error)
        else:
            yield write, prepared


def _within_savepoint(connection: Connection, write: _Write, prepared: Any) -> tuple[Any, Exception | None]:
    try:
        with connection.begin_nested():
            return write.work(connection, prepared), None
    except (SQLAlchemyError, StoreError, OSError):
        raise
    except Exception as error:  # what it wrote is taken back, what the others wrote stays
        return None, error


def _settle(future: "Future[Any]", do: Callable[[], Any]) -> None:
    """Do what a future stands for, where it is still wanted."""
    if future.set_running_or_notify_cancel():
        _finish(future, do)


def _finish(future: "Future[Any]", do: Callable[[], Any]) -> None:
    try:
        result = do()
    except Exception as error:  # it belongs to whoever waits
        future.set_exception(error)
    else:
        future.set_result(result)
