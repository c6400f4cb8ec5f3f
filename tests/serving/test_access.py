"""Keys: how they look, what is kept of them, and what is refused."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from features.errors import DataError
from features.store import Store, all_keys, find_key, open_store
from serving.access import Role, caller_of, create_key, digest_of, is_key_shaped

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(sqlite_url: str) -> Store:
    return open_store(sqlite_url)


def test_a_key_is_long_random_and_recognisable(store: Store) -> None:
    made = {create_key(store, Role.CRM, "CRM", NOW).secret for _ in range(20)}
    assert len(made) == 20
    assert all(is_key_shaped(secret) and len(secret) >= 35 for secret in made)


def test_the_store_keeps_the_digest_and_never_the_key(store: Store, tmp_path: Path) -> None:
    key = create_key(store, Role.CRM, "CRM", NOW)
    store.close()
    held = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert digest_of(key.secret).encode() in held
    assert key.secret.removeprefix("ls_").encode() not in held


def test_a_stored_key_stands_for_a_caller_with_its_one_role(store: Store) -> None:
    key = create_key(store, Role.MARKETER, "Ana", NOW)
    stored = find_key(store, digest_of(key.secret))
    assert stored is not None
    assert (caller_of(stored).name, caller_of(stored).roles) == ("Ana", frozenset({Role.MARKETER}))


def test_a_wrong_role_and_a_wrong_name_are_named_together_and_nothing_is_kept(store: Store) -> None:
    with pytest.raises(DataError) as refused:
        create_key(store, "markter", " ", NOW)
    assert str(refused.value).splitlines() == [
        "'markter' is not a role; did you mean 'marketer'?",
        "' ' is not a name; say in 1 to 200 printable characters who will use the key",
    ]
    assert all_keys(store) == []


def test_a_key_may_be_good_for_some_days_alone(store: Store) -> None:
    made = create_key(store, Role.CRM, "CRM", NOW, expires_in_days=30)
    (stored,) = all_keys(store)
    assert made.expires_at == stored.expires_at == NOW + timedelta(days=30)


@pytest.mark.parametrize("days", [0, -1, 3_651])
def test_days_that_are_none_are_refused(store: Store, days: int) -> None:
    with pytest.raises(DataError, match=f"'{days}' is not a number of days; a key may be good for 1 to 3650 days"):
        create_key(store, Role.CRM, "CRM", NOW, expires_in_days=days)


@pytest.mark.parametrize("text", ["", "ls_", "ls_" + "x" * 42, "ls_" + "x" * 44, "LS_" + "x" * 43, "ls_" + "é" * 43])
def test_what_cannot_be_a_key_is_told_by_its_shape(text: str) -> None:
    assert not is_key_shaped(text)
