"""Who did what is noted with the deed itself, and read newest first."""

from datetime import UTC, datetime, timedelta

import pytest

from features.errors import StoreError
from features.store import Store, add_key, revoke_key
from features.store.audit import Action, AuditEntry, newest_entries, note

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


def entries(store: Store, count: int = 100, since: datetime | None = None) -> list[AuditEntry]:
    with store.reading() as connection:
        return newest_entries(connection, count, since)


def test_the_newest_comes_first_and_no_more_than_asked_for(store: Store) -> None:
    with store.writing() as connection:
        for day in range(5):
            note(connection, "ana", Action.LOGGED_IN, now=NOW + timedelta(days=day))
    assert [entry.at.day for entry in entries(store)] == [19, 18, 17, 16, 15]
    assert [entry.at.day for entry in entries(store, count=2)] == [19, 18]
    assert [entry.at.day for entry in entries(store, since=NOW + timedelta(days=3))] == [19, 18]


def test_what_is_undone_is_not_noted(store: Store) -> None:
    def erase_in_vain() -> None:
        with store.writing() as connection:
            note(connection, "ana", Action.LEAD_ERASED, now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        erase_in_vain()
    assert entries(store) == []


def test_making_and_revoking_a_key_is_noted_once_each(store: Store) -> None:
    key_id = add_key(store, "our CRM", "crm", "d" * 64, NOW, who="ana")
    revoke_key(store, key_id, NOW, who="ben")
    revoke_key(store, key_id, NOW, who="too late")
    with pytest.raises(StoreError):
        revoke_key(store, 77, NOW, who="nobody")
    assert entries(store) == [
        AuditEntry(NOW, "ben", "key revoked", "key 1", None),
        AuditEntry(NOW, "ana", "key made", "key 1", "role crm, for our CRM"),
    ]


def test_what_is_too_long_is_cut_rather_than_lost(store: Store) -> None:
    with store.writing() as connection:
        note(connection, "w" * 300, Action.MODEL_PROMOTED, now=NOW, subject="s" * 300, detail="d" * 900)
    (entry,) = entries(store)
    assert (len(entry.who), len(entry.subject or ""), len(entry.detail or "")) == (200, 200, 500)
