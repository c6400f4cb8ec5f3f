"""The values to filter by are looked up once, and anew only while somebody reads."""

from collections.abc import Iterator

import pytest

from features.store import Store, open_store
from features.store.fact_rules import NOTHING_AGREED
from features.store.facts import refresh_facts
from features.store.leads import put_lead
from serving.http.pages.choice_memo import FRESH_S, KEPT_S, ChoiceMemo
from tests.serving.http.conftest import NOW


@pytest.fixture
def store(sqlite_url: str) -> Iterator[Store]:
    store = open_store(sqlite_url)
    yield store
    store.close()


class Reader:
    """Asks a memo on a clock that is set by hand, of a store to which owners come."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.now_s = 0.0
        self._memo = ChoiceMemo(lambda: self.now_s)

    def comes(self, owner: str) -> None:
        with self._store.writing() as connection:
            put_lead(connection, owner, {}, handed_over_at=NOW, owner=owner, now=NOW)
            refresh_facts(connection, [owner], NOTHING_AGREED)

    def asks(self) -> list[str]:
        with self._store.reading() as connection:
            return list(self._memo.of(connection)["owner"])

    def refreshes(self) -> None:
        with self._store.reading() as connection:
            self._memo.refresh(connection)


def test_who_asks_again_does_not_wait_for_what_is_new(store: Store) -> None:
    reader = Reader(store)
    reader.comes("Ada")
    assert reader.asks() == ["Ada"]
    reader.comes("Bob")
    reader.now_s = FRESH_S
    assert reader.asks() == ["Ada"]
    reader.refreshes()
    assert reader.asks() == ["Ada", "Bob"]


def test_nothing_is_looked_up_while_nobody_reads(store: Store) -> None:
    reader = Reader(store)
    reader.refreshes()
    reader.comes("Ada")
    reader.asks()
    reader.now_s += FRESH_S
    reader.refreshes()  # somebody had asked
    reader.comes("Bob")
    reader.now_s += FRESH_S
    reader.refreshes()
    assert reader.asks() == ["Ada"]


def test_what_is_too_old_is_not_shown(store: Store) -> None:
    reader = Reader(store)
    reader.comes("Ada")
    reader.asks()
    reader.comes("Bob")
    reader.now_s = KEPT_S
    assert reader.asks() == ["Ada", "Bob"]
