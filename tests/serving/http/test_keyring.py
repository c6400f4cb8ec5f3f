"""Keys are remembered for seconds, and for a while longer where the store is down."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Connection

from features.errors import StoreError
from features.store import Store, all_keys, open_store, revoke_key
from serving.access import Caller, create_key
from serving.http.keyring import FRESH_S, GRACE_S, REMEMBERED_KEYS, Keyring

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


class Clock:
    """A clock that goes when it is told to."""

    def __init__(self) -> None:
        self.now_s = 1_000.0

    def __call__(self) -> float:
        """Give the time."""
        return self.now_s


class Flaky(Store):
    """A store that can be made to fail, and counts how often it is read."""

    def __init__(self, store: Store) -> None:
        self.__dict__ = store.__dict__ | {"down": False, "reads": 0}

    down: bool
    reads: int

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection, or fail where told to."""
        self.reads += 1
        if self.down:
            raise StoreError("down")
        with super().reading() as connection:
            yield connection


@pytest.fixture
def store(tmp_path: Path) -> Flaky:
    return Flaky(open_store(f"sqlite:///{tmp_path / 'store.db'}"))


@pytest.fixture
def clock() -> Clock:
    return Clock()


def ask(keyring: Keyring, secret: str) -> Caller | None:
    return asyncio.run(keyring.caller(secret))


def test_a_key_is_looked_up_once_while_it_is_fresh(store: Flaky, clock: Clock) -> None:
    secret = create_key(store, "crm", "CRM", NOW).secret
    keyring = Keyring(store, None, clock)
    assert [ask(keyring, secret) is not None for _ in range(5)] == [True] * 5
    assert store.reads == 1


def test_a_revoked_key_stops_working_within_seconds(store: Flaky, clock: Clock) -> None:
    key = create_key(store, "crm", "CRM", NOW)
    keyring = Keyring(store, None, clock)
    assert ask(keyring, key.secret) is not None
    revoke_key(store, key.id, NOW)
    clock.now_s += FRESH_S
    assert ask(keyring, key.secret) is None


def test_a_known_key_works_on_while_the_store_is_down_but_not_for_ever(store: Flaky, clock: Clock) -> None:
    secret = create_key(store, "crm", "CRM", NOW).secret
    keyring = Keyring(store, None, clock)
    assert ask(keyring, secret) is not None
    store.down = True
    clock.now_s += GRACE_S - 1
    assert ask(keyring, secret) is not None
    clock.now_s += 2
    with pytest.raises(StoreError, match="did not answer"):
        ask(keyring, secret)


def test_a_store_that_is_down_is_not_asked_again_at_once(store: Flaky, clock: Clock) -> None:
    store.down = True
    keyring = Keyring(store, None, clock)
    for _ in range(5):
        with pytest.raises(StoreError):
            ask(keyring, "ls_" + "x" * 43)
    assert store.reads == 1
    store.down = False
    clock.now_s += FRESH_S
    assert ask(keyring, "ls_" + "x" * 43) is None


def test_what_does_not_look_like_a_key_never_reaches_the_store(store: Flaky, clock: Clock) -> None:
    keyring = Keyring(store, "the token", clock)
    assert ask(keyring, "ls_short") is None
    assert ask(keyring, "the token") is not None
    assert store.reads == 0


def test_the_use_of_a_key_is_noted_by_the_hour(store: Flaky, clock: Clock) -> None:
    secret = create_key(store, "crm", "CRM", NOW).secret
    keyring = Keyring(store, None, clock)
    ask(keyring, secret)
    first = all_keys(store)[0].last_used_at
    clock.now_s += FRESH_S
    ask(keyring, secret)
    assert first is not None
    assert all_keys(store)[0].last_used_at == first


def test_only_so_many_keys_are_remembered(store: Flaky, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.http.keyring.REMEMBERED_KEYS", 2)
    assert REMEMBERED_KEYS > 2
    secrets = [create_key(store, "crm", str(number), NOW).secret for number in range(3)]
    keyring = Keyring(store, None, clock)
    for secret in secrets:
        ask(keyring, secret)
    store.down = True
    clock.now_s += FRESH_S
    with pytest.raises(StoreError):
        ask(keyring, secrets[0])
    assert ask(keyring, secrets[2]) is not None
