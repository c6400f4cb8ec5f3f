"""Writes that wait are done together, each for itself: one that fails takes nothing with it."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, select
from sqlalchemy.exc import OperationalError

from features.errors import StoreError
from features.store import Store, open_store
from features.store.schema import leads
from serving.http.write_line import MOST_TOGETHER, WriteLine

MOMENT = datetime(2026, 3, 15, tzinfo=UTC)
PATIENCE_S = 30


def nothing() -> None:
    pass


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = open_store(sqlite_url)
    yield store
    store.close()


@pytest.fixture
def line(store: Store) -> Iterator[WriteLine]:
    line = WriteLine(store)
    yield line
    line.stop()


@pytest.fixture
def commits(store: Store) -> list[int]:
    """Give a list that grows by one with each transaction that is made safe."""
    found: list[int] = []
    with store.writing() as connection:
        engine = connection.engine
    event.listen(engine, "commit", lambda _: found.append(1))
    return found


class Held:
    """Keeps the line busy until it is let go, so that what comes meanwhile waits."""

    def __init__(self, line: WriteLine) -> None:
        self._begun, self._free = threading.Event(), threading.Event()
        self.future = line.do(self._wait)
        assert self._begun.wait(PATIENCE_S)

    def _wait(self) -> None:
        self._begun.set()
        assert self._free.wait(PATIENCE_S)

    def let_go(self) -> None:
        self._free.set()


def put(name: str, then: Callable[[], None] = nothing) -> Callable[[Connection, Any], str]:
    def work(connection: Connection, _: Any) -> str:
        row = {"lead_id": name, "attributes": {}, "created_at": MOMENT, "changed_at": MOMENT}
        connection.execute(insert(leads).values(row))
        then()
        return name

    return work


def names(store: Store) -> list[str]:
    with store.reading() as connection:
        return list(connection.execute(select(leads.c.lead_id).order_by(leads.c.lead_id)).scalars())


def fail_with(error: Exception) -> Callable[[], None]:
    def fail() -> None:
        raise error

    return fail


def outcome(future: "Future[Any]") -> Any:
    return future.exception(PATIENCE_S) or future.result()


def test_what_waits_is_made_safe_at_once(store: Store, line: WriteLine, commits: list[int]) -> None:
    held = Held(line)
    futures = [line.write(nothing, put(f"{at:02d}")) for at in range(MOST_TOGETHER + 1)]
    held.let_go()
    assert [future.result(PATIENCE_S) for future in futures] == names(store)
    assert len(commits) == 2


def test_one_that_fails_leaves_nothing_and_the_others_stay(store: Store, line: WriteLine) -> None:
    held = Held(line)
    refused, unreadable = LookupError("refused"), ValueError("unreadable")
    futures = [
        line.write(nothing, put("a")),
        line.write(nothing, put("b", fail_with(refused))),
        line.write(fail_with(unreadable), put("c")),
        line.write(nothing, put("d")),
    ]
    held.let_go()
    assert [outcome(future) for future in futures] == ["a", refused, unreadable, "d"]
    assert names(store) == ["a", "d"]


def test_where_the_database_fails_each_is_tried_alone(store: Store, line: WriteLine) -> None:
    broken = OperationalError("INSERT", {}, Exception("disk I/O error"))
    held = Held(line)
    futures = [line.write(nothing, put(name, fail_with(broken) if name == "b" else nothing)) for name in "abc"]
    held.let_go()
    found = [outcome(future) for future in futures]
    assert (found[0], found[2], names(store)) == ("a", "c", ["a", "c"])
    assert isinstance(found[1], StoreError)
    assert "disk I/O error" in str(found[1])


def test_nobody_hears_of_success_before_it_is_safe(line: WriteLine) -> None:
    held = Held(line)
    first: Future[Any] = line.write(nothing, put("a"))
    seen: list[bool] = []
    second = line.write(nothing, put("b", lambda: seen.append(first.done())))
    held.let_go()
    assert (second.result(PATIENCE_S), seen) == ("b", [False])


def test_what_is_no_longer_wanted_is_not_done(store: Store, line: WriteLine) -> None:
    held = Held(line)
    kept, given_up = line.write(nothing, put("a")), line.write(nothing, put("b"))
    assert given_up.cancel()
    held.let_go()
    assert (kept.result(PATIENCE_S), names(store)) == ("a", ["a"])


def test_other_work_keeps_its_place_in_the_line(line: WriteLine) -> None:
    done: list[str] = []
    held = Held(line)
    futures = [
        line.write(nothing, lambda _, __: done.append("first")),
        line.do(lambda: done.append("other")),
        line.write(nothing, lambda _, __: done.append("last")),
    ]
    held.let_go()
    for future in futures:
        future.result(PATIENCE_S)
    assert done == ["first", "other", "last"]


def test_an_end_lets_nobody_wait_for_ever(store: Store) -> None:
    line = WriteLine(store)
    held = Held(line)
    waiting = line.write(nothing, put("a"))
    stopping = threading.Thread(target=line.stop)
    stopping.start()
    held.let_go()
    stopping.join(PATIENCE_S)
    with pytest.raises(CancelledError):
        waiting.result(PATIENCE_S)
    assert names(store) == []
