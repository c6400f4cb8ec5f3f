"""Who shows which secret, and how soon a key that is taken away or expires stops working."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Connection

from features.errors import StoreError
from features.store import Store, all_keys, open_store, revoke_key
from serving.access import Caller, create_key
from serving.http.keyring import HOLDER, Keyring
from serving.http.remembered import FRESH_S
from tests.serving.http.clock import Clock

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


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
def store(sqlite_url: str) -> Flaky:
    return Flaky(open_store(sqlite_url))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def keyring(store: Flaky, clock: Clock) -> Keyring:
    """Give a keyring whose calendar goes with the clock."""
    return Keyring(store, "the token", lambda: NOW + timedelta(seconds=clock.now_s - 1_000), clock)


def ask(keyring: Keyring, secret: str) -> Caller | None:
    return asyncio.run(keyring.caller(secret))


def test_a_key_is_known_by_its_secret_and_by_its_number(store: Flaky, keyring: Keyring) -> None:
    key = create_key(store, "crm", "CRM", NOW)
    caller = ask(keyring, key.secret)
    assert caller is not None
    assert (caller.name, caller.key_id) == ("CRM", key.id)
    assert asyncio.run(keyring.caller_by_id(key.id)) == caller
    assert asyncio.run(keyring.caller_by_id(key.id + 1)) is None
    assert ask(keyring, "ls_" + "x" * 43) is None


def test_a_revoked_key_stops_working_within_seconds(store: Flaky, clock: Clock, keyring: Keyring) -> None:
    key = create_key(store, "crm", "CRM", NOW)
    assert ask(keyring, key.secret) is not None
    assert asyncio.run(keyring.caller_by_id(key.id)) is not None
    revoke_key(store, key.id, NOW)
    clock.now_s += FRESH_S
    assert ask(keyring, key.secret) is None
    assert asyncio.run(keyring.caller_by_id(key.id)) is None


def test_an_expired_key_stops_working_at_once_also_while_the_store_is_down(
    store: Flaky, clock: Clock, keyring: Keyring
) -> None:
    key = create_key(store, "crm", "CRM", NOW, expires_in_days=1)
    clock.now_s += 86_399
    assert ask(keyring, key.secret) is not None
    store.down = True
    clock.now_s += 1
    assert ask(keyring, key.secret) is None


def test_what_does_not_look_like_a_key_never_reaches_the_store(store: Flaky, keyring: Keyring) -> None:
    assert ask(keyring, "ls_short") is None
    assert ask(keyring, "the token") == HOLDER
    assert store.reads == 0


def test_without_a_token_no_secret_is_one(store: Flaky) -> None:
    keyring = Keyring(store, None)
    assert not keyring.is_token("")
    assert keyring.token_digest is None


def test_the_use_of_a_key_is_noted_by_the_hour(store: Flaky, clock: Clock, keyring: Keyring) -> None:
    secret = create_key(store, "crm", "CRM", NOW).secret
    used = []
    for seconds in (0, FRESH_S, 3_600):
        clock.now_s += seconds
        ask(keyring, secret)
        used.append(all_keys(store)[0].last_used_at)
    assert used == [NOW, NOW, NOW + timedelta(seconds=3_600 + FRESH_S)]


def test_a_store_that_cannot_be_written_still_says_who_calls(
    store: Flaky, keyring: Keyring, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = create_key(store, "crm", "CRM", NOW).secret

    def refuse(*_: object) -> None:
        raise StoreError("read only")

    monkeypatch.setattr("serving.http.keyring.touch_key", refuse)
    assert ask(keyring, secret) is not None
