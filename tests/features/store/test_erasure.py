"""An erased lead is nowhere: in no table, and in no byte of an embedded store's files."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import insert, select

from features.store import Store, open_store
from features.store.erased import digest_of_erased, erased_digests, erasure_secret, forget_erasure
from features.store.erasure import erase_lead
from features.store.events import StoredEvent, add_events
from features.store.leads import put_lead
from features.store.ledger import add_score, pack_inputs
from features.store.outcomes import add_outcome
from features.store.schema import audit_log, idempotency_keys, idempotency_leads, metadata, outbox
from tests.features.store.test_ledger import A_SCORE

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
CANARY = "Canary-0b1c"
STAYS = "Stays-77aa"


def fill(store: Store, lead_id: str) -> None:
    """Let every table speak of a lead, by its id or by what it says."""
    with store.writing() as connection:
        for at in (NOW, NOW + timedelta(days=1)):
            put_lead(connection, lead_id, {"name": f"{lead_id} {at}"}, handed_over_at=NOW, owner=lead_id, now=at)
        add_events(connection, [StoredEvent(f"{lead_id}/1", lead_id, lead_id, NOW, lead_id)], NOW)
        add_outcome(
            connection,
            lead_id,
            "rejected",
            reason=lead_id,
            decided_at=NOW,
            first_touch_at=NOW,
            useful_content=[lead_id],
            now=NOW,
        )
        reasons = [{"value": lead_id}]
        add_score(connection, replace(A_SCORE, lead_id=lead_id, reasons=reasons, inputs=pack_inputs([lead_id])))
        told = {"endpoint": "crm", "topic": "lead.golden", "lead_id": lead_id, "body": f'"{lead_id}"'.encode()}
        sent = {"event_id": lead_id, "created_at": NOW, "state": "waiting", "attempts": 0, "next_attempt_at": NOW}
        connection.execute(insert(outbox).values(**told, **sent))
        answer = {"caller": "1", "key": f"k{lead_id}", "digest": "d" * 64, "status": 200, "created_at": NOW}
        connection.execute(insert(idempotency_keys).values(**answer, answer=f'"{lead_id}"'.encode()))
        named = [{"caller": "1", "key": f"k{lead_id}", "lead_id": each} for each in {lead_id, STAYS}]
        connection.execute(insert(idempotency_leads), named)
        connection.execute(insert(audit_log).values(at=NOW, who="Ada", action="looked at", subject=lead_id))


def contents(store: Store) -> str:
    """Give every row of every table, as text, bytes too."""
    with store.reading() as connection:
        tables = [connection.execute(select(table)).all() for table in metadata.sorted_tables]
    return str(tables)


def erase(store: Store, lead_id: str) -> bool:
    with store.writing() as connection:
        return erase_lead(connection, lead_id, NOW)


@pytest.fixture
def filled(store: Store) -> Store:
    """Give a store in which two leads are spoken of everywhere."""
    for lead_id in (STAYS, CANARY):
        fill(store, lead_id)
    return store


def test_no_table_speaks_of_it_and_the_other_lead_keeps_all_of_its_own(filled: Store) -> None:
    before = contents(filled)
    assert erase(filled, CANARY)
    after = contents(filled)
    assert CANARY in before
    assert CANARY not in after
    assert after.count(STAYS) == before.count(STAYS) - 1  # the answer that spoke of both is gone


def test_it_is_remembered_by_a_digest_that_only_the_stores_secret_gives(filled: Store) -> None:
    erase(filled, CANARY)
    with filled.writing() as connection:
        secret = erasure_secret(connection)
        assert secret is not None
        assert erased_digests(connection) == {digest_of_erased(secret, CANARY)}
        forget_erasure(connection, STAYS)
        assert len(erased_digests(connection)) == 1
        forget_erasure(connection, CANARY)
        assert erased_digests(connection) == set()


def test_each_store_has_a_secret_of_its_own_once_something_was_erased(filled: Store, tmp_path: Path) -> None:
    other = open_store(f"sqlite:///{tmp_path / 'other.db'}")
    secrets = []
    for store in (filled, other):
        fill(store, "x")
        with store.reading() as connection:
            assert erasure_secret(connection) is None
        erase(store, "x")
        with store.reading() as connection:
            secrets.append(erasure_secret(connection))
    other.close()
    assert None not in secrets
    assert len(set(secrets)) == 2


def test_erasing_a_lead_that_is_not_there_remembers_nothing(store: Store) -> None:
    assert not erase(store, "nobody")
    with store.reading() as connection:
        assert erased_digests(connection) == set()


def test_sweeping_leaves_everything_else_as_it_is(filled: Store) -> None:
    erase(filled, CANARY)
    before = contents(filled)
    assert filled.sweep()
    assert contents(filled) == before


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Store]:
    """Give an embedded store."""
    store = open_store(f"sqlite:///{tmp_path / 'store.db'}")
    yield store
    store.close()


def files(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.iterdir()))


def test_no_byte_of_the_files_speaks_of_erased_leads(embedded: Store, tmp_path: Path) -> None:
    lead_ids = filled_at_random(embedded, leads=300)
    erased, kept = lead_ids[:100], lead_ids[100:]
    with embedded.writing() as connection:
        assert all(erase_lead(connection, lead_id, NOW) for lead_id in erased)
    embedded.sweep(up_to_bytes=1)
    assert any(lead_id.encode() in files(tmp_path) for lead_id in erased)  # where rows were moved about
    assert embedded.sweep()
    left = files(tmp_path)
    assert [lead_id for lead_id in erased if lead_id.encode() in left] == []
    assert all(lead_id.encode() in left for lead_id in kept)


def filled_at_random(store: Store, leads: int) -> list[str]:
    """Fill a store with leads and events in no order, and let the leads grow, so that rows are moved about."""
    chance = Random(5)
    lead_ids = [f"{chance.getrandbits(64):016x}" for _ in range(leads)]
    for seconds in (0, 1):
        chance.shuffle(lead_ids)
        for start in range(0, leads, 100):
            with store.writing() as connection:
                for lead_id in lead_ids[start : start + 100]:
                    known = {"name": lead_id, "notes": "x" * chance.randrange(900)}
                    now = NOW + timedelta(seconds=seconds)
                    put_lead(connection, lead_id, known, handed_over_at=NOW, owner=lead_id, now=now)
                four = [lead_id for lead_id in lead_ids[start : start + 100] for _ in range(4)]
                events = [StoredEvent(f"{chance.getrandbits(64)}{each}", each, "t", NOW, each) for each in four]
                add_events(connection, events, NOW)
    return lead_ids


def test_a_large_file_has_its_log_emptied_and_says_that_more_is_to_do(embedded: Store, tmp_path: Path) -> None:
    fill(embedded, CANARY)
    assert not embedded.sweep(up_to_bytes=1)
    assert (tmp_path / "store.db-wal").stat().st_size == 0
    assert embedded.sweep(up_to_bytes=2**30)
