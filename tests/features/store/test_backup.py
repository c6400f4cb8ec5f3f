"""A backup is one state of the store, whole, taken while others write."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import func, select

from features.errors import StoreError
from features.store import Store, open_store
from features.store.backup import BackedUp, back_up
from features.store.erasure import erase_lead
from features.store.leads import find_lead, put_lead
from features.store.schema import leads

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


@pytest.fixture
def url(tmp_path: Path) -> str:
    """Give the URL of an embedded store."""
    return f"sqlite:///{tmp_path / 'store.db'}"


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """Give that store, with a lead in it, open as a service would have it."""
    with closing(open_store(url)) as store:
        put(store, "a")
        yield store


def put(store: Store, lead_id: str) -> None:
    with store.writing() as connection:
        put_lead(connection, lead_id, {"name": lead_id}, handed_over_at=NOW, owner=None, now=NOW)


def lead_ids(file: Path) -> set[str]:
    with closing(open_store(f"sqlite:///{file}")) as copy, copy.reading() as connection:
        return set(connection.execute(select(leads.c.lead_id)).scalars())


def quiet(_step: str, _done: float) -> None:
    pass


def test_a_backup_holds_what_was_there_and_a_writer_goes_on_meanwhile(store: Store, url: str, tmp_path: Path) -> None:
    with store.writing() as connection:
        put_lead(connection, "not yet", {}, handed_over_at=None, owner=None, now=NOW)
        done = back_up(url, tmp_path / "b.db", quiet)
    put(store, "later")
    assert done == BackedUp(tmp_path / "b.db", (tmp_path / "b.db").stat().st_size, leads=1)
    assert lead_ids(tmp_path / "b.db") == {"a"}
    assert lead_ids(tmp_path / "store.db") == {"a", "not yet", "later"}


def test_a_backup_is_for_its_owners_eyes_and_leaves_no_draft(store: Store, url: str, tmp_path: Path) -> None:
    before = set(tmp_path.iterdir())
    back_up(url, tmp_path / "b.db", quiet)
    assert (tmp_path / "b.db").stat().st_mode & 0o777 == 0o600
    assert set(tmp_path.iterdir()) - before == {tmp_path / "b.db"}
    assert find_first(store) == "a"


def find_first(store: Store) -> str | None:
    with store.reading() as connection:
        return connection.execute(select(func.min(leads.c.lead_id))).scalar()


def test_a_backup_holds_nothing_of_a_lead_that_was_erased_before(store: Store, url: str, tmp_path: Path) -> None:
    put(store, "Canary-0b1c")
    with store.writing() as connection:
        assert erase_lead(connection, "Canary-0b1c", NOW)
    back_up(url, tmp_path / "b.db", quiet)
    assert b"Canary-0b1c" not in (tmp_path / "b.db").read_bytes()


def test_a_file_that_is_there_is_overwritten_only_when_that_is_asked_for(
    store: Store, url: str, tmp_path: Path
) -> None:
    file = tmp_path / "b.db"
    back_up(url, file, quiet)
    put(store, "b")
    with pytest.raises(
        StoreError, match=rf"{file} is there already; choose another file, or overwrite it with --force"
    ):
        back_up(url, file, quiet)
    assert lead_ids(file) == {"a"}
    assert back_up(url, file, quiet, overwrite=True).leads == 2
    with pytest.raises(StoreError, match="is the store itself"):
        back_up(url, tmp_path / "store.db", quiet, overwrite=True)


def test_a_damaged_store_is_not_backed_up_and_an_earlier_backup_stays(store: Store, url: str, tmp_path: Path) -> None:
    file = tmp_path / "b.db"
    back_up(url, file, quiet)
    store.close()
    with (tmp_path / "store.db").open("r+b") as whole:
        whole.seek(4096)
        whole.write(b"\xff" * 8192)
    with pytest.raises(StoreError, match=r"store\.db cannot be read as a store"):
        back_up(url, file, quiet, overwrite=True)
    assert lead_ids(file) == {"a"}
    assert list(tmp_path.glob("*.part")) == []


def test_what_is_not_there_or_not_possible_is_said_in_one_line(store: Store, url: str, tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"none\.db cannot be read as a store \(unable to open"):
        back_up(f"sqlite:///{tmp_path / 'none.db'}", tmp_path / "b.db", quiet)
    assert not (tmp_path / "none.db").exists()
    nowhere = tmp_path / "no" / "folder.db"
    with pytest.raises(StoreError, match=r"folder\.db cannot be written \(No such file or directory\)"):
        back_up(url, nowhere, quiet)
    with store.reading() as connection:
        assert find_lead(connection, "a") is not None


def test_for_postgresql_the_command_of_its_own_is_given_without_the_password() -> None:
    with pytest.raises(StoreError) as error:
        back_up("postgresql://leadsift:hidden@db:5433/leadsift", Path("leadsift.dump"), quiet)
    told = "pg_dump --format=custom --file=leadsift.dump 'postgresql://leadsift@db:5433/leadsift'"
    assert str(error.value).endswith(told)
    assert "hidden" not in str(error.value)
