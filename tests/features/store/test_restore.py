"""A backup takes the place of the store, and what was erased or revoked since stays so."""

from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pysqlite3.dbapi2
import pytest
from sqlalchemy import Connection, select

from features.errors import StoreError
from features.store import add_key, all_keys, open_store, revoke_key
from features.store.audit import Action, newest_entries, note
from features.store.backup import back_up
from features.store.erased import erased_as, erased_digests, forget_erasure
from features.store.erasure import erase_lead
from features.store.leads import put_lead
from features.store.own_secrets import SecretName, find_secret, made_secret
from features.store.restore import Restored, restore
from features.store.schema import leads

T = TypeVar("T")

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
RESTORED_AT = NOW + timedelta(days=2)


class Company:
    """An embedded store and one backup of it, used by one command after the other."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "store.db"
        self.backup = folder / "backup.db"
        self.url = f"sqlite:///{self.file}"

    def do(self, work: Callable[[Connection], T]) -> T:
        with closing(open_store(self.url)) as store, store.writing() as connection:
            return work(connection)

    def put(self, lead_id: str, now: datetime = NOW) -> None:
        def work(connection: Connection) -> None:
            put_lead(connection, lead_id, {}, handed_over_at=None, owner=None, now=now)
            forget_erasure(connection, lead_id)

        self.do(work)

    def erase(self, lead_id: str, now: datetime = LATER) -> None:
        def work(connection: Connection) -> None:
            assert erase_lead(connection, lead_id, now)
            note(connection, "Ada", Action.LEAD_ERASED, now=now, subject=erased_as(connection, lead_id))

        self.do(work)

    def back_up(self) -> None:
        back_up(self.url, self.backup, quiet, overwrite=True)

    def restore(self) -> Restored:
        return restore(self.url, self.backup, "Ada", RESTORED_AT, quiet)

    def leads(self) -> set[str]:
        return set(self.do(lambda connection: connection.execute(select(leads.c.lead_id)).scalars().all()))


@pytest.fixture
def company(tmp_path: Path) -> Company:
    """Give a company with two leads and a backup of its store."""
    company = Company(tmp_path)
    company.put("a")
    company.put("b")
    company.back_up()
    return company


def quiet(_step: str, _done: float) -> None:
    pass


def test_a_backup_takes_the_place_of_the_store_which_is_kept_aside(company: Company) -> None:
    company.put("c")
    company.file.chmod(0o640)
    done = company.restore()
    kept = company.file.with_name("store.db.replaced-20260317T120000Z")
    assert done == Restored(2, kept, replaced_read=True, erased_again=0, revoked_again=0)
    assert company.leads() == {"a", "b"}
    assert company.file.stat().st_mode & 0o777 == 0o640
    assert {path.name for path in company.file.parent.iterdir()} == {"store.db", "backup.db", kept.name}
    company.file = kept
    company.url = f"sqlite:///{kept}"
    assert company.leads() == {"a", "b", "c"}


def test_the_audit_log_says_who_restored_what(company: Company) -> None:
    company.restore()
    (newest,) = company.do(lambda connection: newest_entries(connection, 1))
    assert (newest.who, newest.action, newest.at) == ("Ada", Action.STORE_RESTORED, RESTORED_AT)
    assert newest.detail == "from backup.db"


def test_a_lead_that_was_erased_since_stays_erased_and_no_byte_of_it_comes_back(company: Company) -> None:
    company.put("Canary-0b1c")
    company.back_up()
    company.erase("Canary-0b1c")
    done = company.restore()
    assert done.erased_again == 1
    assert "1 leads that were erased since the backup were erased again" in "\n".join(done.lines())
    assert company.leads() == {"a", "b"}
    assert b"Canary-0b1c" not in company.file.read_bytes()
    assert company.do(lambda connection: {erased_as(connection, "Canary-0b1c")} == erased_digests(connection))


def test_a_second_restore_of_the_same_backup_erases_again_too(company: Company) -> None:
    company.erase("a")
    company.restore()
    first = company.file.with_name("store.db.replaced-20260317T120000Z")
    first.unlink()
    assert company.restore().erased_again == 1
    assert company.leads() == {"b"}
    erased = [entry for entry in company.do(lambda connection: newest_entries(connection, 9)) if entry.subject]
    assert [(entry.action, entry.at, entry.who) for entry in erased] == [(Action.LEAD_ERASED, LATER, "Ada")]


def test_an_erasure_is_known_even_where_the_lead_came_in_again(company: Company) -> None:
    company.erase("a")
    company.put("a", LATER + timedelta(hours=1))
    assert company.restore().erased_again == 1
    assert company.leads() == {"b"}


def test_a_lead_that_came_in_again_before_the_backup_is_a_new_one_and_stays(company: Company) -> None:
    company.erase("a")
    company.put("a", LATER + timedelta(hours=1))
    company.back_up()
    assert company.restore().erased_again == 0
    assert company.leads() == {"a", "b"}


def test_an_erased_lead_is_remembered_also_where_the_backup_does_not_hold_it(company: Company) -> None:
    company.put("c")
    company.erase("c")
    company.restore()
    assert company.do(lambda connection: {erased_as(connection, "c")} == erased_digests(connection))


def test_a_key_that_was_revoked_since_stays_revoked_and_sessions_end(company: Company) -> None:
    with closing(open_store(company.url)) as store:
        key = add_key(store, "CRM", "crm", "d" * 64, NOW)
        stays = add_key(store, "other", "crm", "e" * 64, NOW)
        company.do(lambda connection: made_secret(connection, SecretName.SESSIONS))
    company.back_up()
    with closing(open_store(company.url)) as store:
        revoke_key(store, key, LATER)
    assert company.restore().revoked_again == 1
    with closing(open_store(company.url)) as store:
        assert {each.id: each.revoked_at for each in all_keys(store)} == {key: LATER, stays: None}
    assert company.do(lambda connection: find_secret(connection, SecretName.SESSIONS)) is None


def test_a_store_in_use_is_not_replaced(company: Company) -> None:
    before = company.file.read_bytes()
    with closing(open_store(company.url)) as service:
        with service.reading():
            pass  # the connection goes back to the pool, as that of an idle service
        with pytest.raises(StoreError, match=r"store\.db is in use; stop the service"):
            company.restore()
    assert company.file.read_bytes() == before
    assert {path.name for path in company.file.parent.iterdir()} == {"store.db", "backup.db"}


def test_without_a_store_the_backup_becomes_it(company: Company) -> None:
    company.file.unlink()
    done = company.restore()
    assert (done.leads, done.replaced, done.replaced_read) == (2, None, True)
    assert company.leads() == {"a", "b"}


def test_the_log_of_a_store_whose_file_is_gone_is_not_taken_for_that_of_the_backup(company: Company) -> None:
    with closing(open_store(company.url)) as killed, killed.writing() as connection:
        put_lead(connection, "only in the log", {}, handed_over_at=None, owner=None, now=NOW)
        connection.commit()
        log = company.file.with_name("store.db-wal").read_bytes()
    company.file.unlink()
    company.file.with_name("store.db-wal").write_bytes(log)
    company.restore()
    assert company.leads() == {"a", "b"}
    kept = company.file.with_name("store.db.replaced-20260317T120000Z-wal")
    assert kept.read_bytes() == log


def test_a_store_too_damaged_to_read_is_replaced_and_that_is_said(company: Company) -> None:
    company.file.write_bytes(b"no database" * 1000)
    done = company.restore()
    assert company.leads() == {"a", "b"}
    assert not done.replaced_read
    assert "erase and revoke it again by hand" in "\n".join(done.lines())
    assert done.replaced is not None
    assert done.replaced.read_bytes().startswith(b"no database")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (None, "cannot be read as a store"),
        (b"", "holds no store of leadsift"),
        (b"no database" * 1000, "cannot be read as a store"),
    ],
    ids=["missing", "empty", "foreign"],
)
def test_what_is_no_backup_is_refused_and_the_store_stays(company: Company, content: bytes | None, says: str) -> None:
    company.backup.unlink()
    if content is not None:
        company.backup.write_bytes(content)
    with pytest.raises(StoreError, match=says):
        company.restore()
    assert company.leads() == {"a", "b"}


def test_a_backup_that_was_cut_off_or_changed_is_refused(company: Company) -> None:
    whole = company.backup.read_bytes()
    for broken in (whole[: len(whole) // 2], whole[:4096] + b"\xff" * 4096 + whole[8192:]):
        company.backup.write_bytes(broken)
        with pytest.raises(StoreError, match=r"cannot be read as a store|is damaged"):
            company.restore()
    assert company.leads() == {"a", "b"}


def test_a_backup_of_a_newer_version_is_refused(company: Company) -> None:
    with closing(pysqlite3.dbapi2.connect(str(company.backup))) as newer:
        newer.execute("UPDATE alembic_version SET version_num = '9999'")
        newer.commit()
    with pytest.raises(StoreError, match=r"newer version \(9999\).*update it"):
        company.restore()


def test_a_backup_of_an_earlier_version_is_brought_up(company: Company) -> None:
    company.backup.unlink()
    with closing(pysqlite3.dbapi2.connect(str(company.backup))) as old:
        made = "id INTEGER PRIMARY KEY, name TEXT, role TEXT, digest TEXT, created_at TEXT, revoked_at TEXT"
        old.execute(f"CREATE TABLE api_keys ({made}, last_used_at TEXT)")
        old.commit()
    assert company.restore().leads == 0
    assert company.leads() == set()


def test_the_store_itself_is_no_backup_of_it(company: Company) -> None:
    with pytest.raises(StoreError, match="is the store itself"):
        restore(company.url, company.file, "Ada", NOW, quiet)


def test_for_postgresql_the_command_of_its_own_is_given() -> None:
    with pytest.raises(StoreError, match=r"pg_restore --clean .*--dbname='postgresql://db/leads' x\.dump"):
        restore("postgresql://db/leads", Path("x.dump"), "Ada", NOW, quiet)
