"""Keys in the store: found by digest or number, and good until they are revoked or expire."""

from datetime import UTC, datetime, timedelta

from features.store import Store, add_key, all_keys, find_key, find_key_by_id, revoke_key

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
MOMENT = timedelta(microseconds=1)


def test_a_key_is_found_by_digest_and_by_number(store: Store) -> None:
    key_id = add_key(store, "CRM", "crm", "d" * 64, NOW)
    assert find_key(store, "d" * 64) == find_key_by_id(store, key_id) == all_keys(store)[0]
    assert find_key(store, "e" * 64) is None
    assert find_key_by_id(store, key_id + 1) is None


def test_a_key_is_good_until_the_moment_it_expires(store: Store) -> None:
    key = find_key_by_id(store, add_key(store, "CRM", "crm", "d" * 64, NOW, expires_at=NOW + timedelta(days=1)))
    assert key is not None
    assert key.is_good(NOW + timedelta(days=1) - MOMENT)
    assert not key.is_good(NOW + timedelta(days=1))


def test_a_key_without_a_last_day_is_good_until_it_is_revoked(store: Store) -> None:
    key_id = add_key(store, "CRM", "crm", "d" * 64, NOW)
    before = find_key_by_id(store, key_id)
    revoke_key(store, key_id, NOW)
    after = find_key_by_id(store, key_id)
    assert before is not None
    assert after is not None
    assert (before.is_good(NOW + timedelta(days=3_650)), after.is_good(NOW)) == (True, False)
