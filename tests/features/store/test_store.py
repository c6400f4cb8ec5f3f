"""The store keeps what it is given, loses no update, and says plainly why it cannot be used."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from features.errors import StoreError
from features.store import Store, add_key, all_keys, find_key, open_store, revoke_key, touch_key
from features.store.schema import api_keys

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return open_store(f"sqlite:///{tmp_path / 'deep' / 'store.db'}")


def test_opening_a_store_makes_nothing_until_it_is_used(tmp_path: Path) -> None:
    store = open_store(f"sqlite:///{tmp_path / 'deep' / 'store.db'}")
    assert list(tmp_path.iterdir()) == []
    assert all_keys(store) == []
    assert (tmp_path / "deep" / "store.db").exists()


def test_a_key_is_found_by_its_digest_with_times_in_utc(store: Store) -> None:
    in_madrid = NOW.astimezone(timezone(timedelta(hours=2)))
    key_id = add_key(store, "CRM", "crm", "d" * 64, in_madrid)
    key = find_key(store, "d" * 64)
    assert key is not None
    assert (key.id, key.name, key.role, key.created_at) == (key_id, "CRM", "crm", NOW)
    assert key.created_at.utcoffset() == timedelta(0)
    assert find_key(store, "e" * 64) is None


def test_revoking_twice_keeps_the_first_time_and_an_unknown_id_is_named(store: Store) -> None:
    key_id = add_key(store, "CRM", "crm", "d" * 64, NOW)
    revoke_key(store, key_id, NOW)
    revoke_key(store, key_id, NOW + timedelta(days=1))
    assert [key.revoked_at for key in all_keys(store)] == [NOW]
    with pytest.raises(StoreError, match="there is no key 77; `leadsift keys list` shows"):
        revoke_key(store, 77, NOW)


def test_the_use_of_a_key_is_remembered(store: Store) -> None:
    touch_key(store, add_key(store, "CRM", "crm", "d" * 64, NOW), NOW + timedelta(hours=1))
    assert [key.last_used_at for key in all_keys(store)] == [NOW + timedelta(hours=1)]


def test_a_time_without_a_zone_is_not_kept(store: Store) -> None:
    with pytest.raises(StoreError, match="has no zone"):
        add_key(store, "CRM", "crm", "d" * 64, NOW.replace(tzinfo=None))


def test_no_update_is_lost_when_many_write_at_once(store: Store) -> None:
    key_id = add_key(store, "0", "crm", "d" * 64, NOW)

    def count_up(_: int) -> None:
        with store.writing() as connection:
            seen = connection.execute(select(api_keys.c.name)).scalar_one()
            connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(name=str(int(seen) + 1)))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count_up, range(200)))
    assert all_keys(store)[0].name == "200"


def test_a_reading_connection_cannot_write(store: Store) -> None:
    key_id = add_key(store, "CRM", "crm", "d" * 64, NOW)
    with pytest.raises(StoreError, match="readonly"), store.reading() as connection:
        connection.execute(update(api_keys).where(api_keys.c.id == key_id).values(name="x"))


def test_the_file_is_in_wal_mode_and_survives_a_power_cut(store: Store) -> None:
    with store.writing() as connection:
        modes = [connection.execute(text(f"PRAGMA {name}")).scalar_one() for name in ("journal_mode", "synchronous")]
    assert modes == ["wal", 2]


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite://", "would forget everything"),
        ("sqlite:///:memory:", "would forget everything"),
        ("mysql://u:secret@h/d", "'mysql' is not known"),
        ("nonsense", "cannot be read"),
    ],
)
def test_a_url_that_cannot_be_a_store_is_refused(url: str, says: str) -> None:
    with pytest.raises(StoreError, match=says) as refused:
        open_store(url)
    assert "secret" not in str(refused.value)


def test_a_store_that_cannot_be_reached_says_where_it_should_be(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(StoreError, match=r"the store sqlite:.*store\.db cannot be used"):
        all_keys(open_store(f"sqlite:///{tmp_path / 'file' / 'store.db'}"))
