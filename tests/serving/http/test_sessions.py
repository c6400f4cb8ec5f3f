"""Sessions are told by a signed cookie alone, and end with the key, the secret, or the day."""

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from features.store import Store, open_store, revoke_key
from features.store.own_secrets import SecretName, forget_secret
from serving.access import Caller, create_key
from serving.http.keyring import HOLDER, Keyring
from serving.http.remembered import FRESH_S
from serving.http.sessions import LIFETIME, Session, Sessions
from tests.serving.http.clock import Clock

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
ANA = Caller("Ana", frozenset(), 7)


@pytest.fixture
def store(sqlite_url: str) -> Store:
    return open_store(sqlite_url)


@pytest.fixture
def clock() -> Clock:
    return Clock()


def sessions_of(store: Store, clock: Clock, token: str | None = None) -> Sessions:
    """Give the sessions as one worker knows them; the calendar goes with the clock."""

    def now() -> datetime:
        return NOW + timedelta(seconds=clock.now_s - 1_000)

    return Sessions(store, Keyring(store, token, now, clock), now, clock)


@pytest.fixture
def sessions(store: Store, clock: Clock) -> Sessions:
    return sessions_of(store, clock)


def start(sessions: Sessions, caller: Caller | None) -> Session:
    return asyncio.run(sessions.start(caller))


def read(sessions: Sessions, cookie: str) -> Session | None:
    return asyncio.run(sessions.read(cookie))


def whose(sessions: Sessions, session: Session) -> Caller | None:
    return asyncio.run(sessions.caller_of(session))


def test_every_worker_knows_a_session_that_another_one_started(store: Store, clock: Clock, sessions: Sessions) -> None:
    session = start(sessions, ANA)
    assert read(sessions_of(store, clock), session.cookie) == session


def test_two_sessions_of_one_key_have_nothing_in_common(sessions: Sessions) -> None:
    first, second = start(sessions, ANA), start(sessions, ANA)
    assert first.cookie != second.cookie
    assert first.form_token != second.form_token
    assert not first.is_form_token(second.form_token)
    assert first.is_form_token(first.form_token)


@pytest.mark.parametrize("at", [0, 4, 10, 20, -1])
def test_a_changed_cookie_is_no_session(sessions: Sessions, at: int) -> None:
    cookie = start(sessions, ANA).cookie
    changed = list(cookie)
    changed[at] = "B" if changed[at] == "A" else "A"
    assert "".join(changed) != cookie
    assert read(sessions, "".join(changed)) is None


@pytest.mark.parametrize("cookie", ["", ".", "..", "key-1.9999999999.x", "key-1.9999999999.x.", "é.1.x.y", "a" * 5_000])
def test_what_was_never_a_cookie_of_ours_is_no_session(sessions: Sessions, cookie: str) -> None:
    start(sessions, ANA)
    assert read(sessions, cookie) is None


def test_a_form_token_never_passes_as_a_signature(sessions: Sessions) -> None:
    session = start(sessions, ANA)
    content = session.cookie.rpartition(".")[0]
    assert read(sessions, f"{content}.{session.form_token}") is None


def test_a_session_ends_after_its_time(clock: Clock, sessions: Sessions) -> None:
    session = start(sessions, ANA)
    clock.now_s += LIFETIME.total_seconds() - 1
    assert read(sessions, session.cookie) is not None
    clock.now_s += 1
    assert read(sessions, session.cookie) is None


def test_a_session_is_its_keys_and_ends_with_it_within_seconds(store: Store, clock: Clock, sessions: Sessions) -> None:
    key = create_key(store, "marketer", "Ana", NOW)
    session = start(sessions, Caller("Ana", frozenset(), key.id))
    caller = whose(sessions, session)
    assert caller is not None
    assert (caller.name, caller.key_id) == ("Ana", key.id)
    revoke_key(store, key.id, NOW)
    clock.now_s += FRESH_S
    assert whose(sessions, session) is None


def test_a_new_secret_ends_every_session_within_seconds(store: Store, clock: Clock, sessions: Sessions) -> None:
    session = start(sessions, ANA)
    with store.writing() as connection:
        forget_secret(connection, SecretName.SESSIONS)
    clock.now_s += FRESH_S
    assert read(sessions, session.cookie) is None
    assert read(sessions, start(sessions, ANA).cookie) is not None
    assert read(sessions, session.cookie) is None


def test_a_session_from_before_the_log_in_is_nobodys(sessions: Sessions) -> None:
    assert whose(sessions, start(sessions, None)) is None


def test_the_links_session_ends_when_the_service_has_another_token_or_none(store: Store, clock: Clock) -> None:
    before = sessions_of(store, clock, "token")
    session = start(before, HOLDER)
    assert whose(before, session) == HOLDER
    for token in ("another", None):
        after = sessions_of(store, clock, token)
        again = read(after, session.cookie)
        assert again is not None
        assert whose(after, again) is None
    assert "token" not in session.cookie
