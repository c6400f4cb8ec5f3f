"""The file of an embedded store, handled as a whole: looked through, copied, held alone."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import mkstemp
from typing import Any
from urllib.parse import quote

import pysqlite3.dbapi2 as sqlite
from sqlalchemy import Connection, create_engine, make_url
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import StaticPool

from features.errors import StoreError

BUSY_TIMEOUT_S = 5.0  # how long a writer that ends may keep a reader of the whole file waiting
COMPANIONS = ("-wal", "-shm", "-journal")  # what SQLite may keep beside a file, and needs with it


class InUseError(StoreError):
    """A service or another command has the store open."""


def file_of(url: str) -> Path | None:
    """Give the file of an embedded store; None where the URL leads to another kind of store."""
    parsed = make_url(url)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" and parsed.database else None


@contextmanager
def looking_into(file: Path) -> Iterator[Connection]:
    """Give a connection that reads a file and never makes one. Raises StoreError where it holds no whole database."""
    with _told(file), _opened(file, "ro") as raw, _connected(raw) as connection:
        yield connection


@contextmanager
def alone_with(file: Path) -> Iterator[Connection]:
    """Give a connection to a file that nobody else can open meanwhile; its log is emptied into it at the end.

    Raises InUseError where somebody has it open already, StoreError where it holds no whole database.
    """
    with _told(file), _opened(file, "rw", timeout_s=0.0) as raw:
        raw.execute("PRAGMA locking_mode = EXCLUSIVE")
        try:
            raw.execute("BEGIN EXCLUSIVE")
        except sqlite.OperationalError as error:
            if error.sqlite_errorcode != sqlite.SQLITE_BUSY:
                raise
            what = f"the store {file} is in use; stop the service, and what else works on it, first"
            raise InUseError(what) from error
        raw.execute("COMMIT")  # the lock stays
        with _connected(raw) as connection:
            yield connection


def check_whole(file: Path) -> None:
    """Look through a whole file. Raises StoreError where anything in it is not as it was written."""
    with looking_into(file) as connection:
        first = connection.exec_driver_sql("PRAGMA integrity_check(1)").scalar()
    if first != "ok":
        raise StoreError(f"{file} is damaged ({first}); take another copy")


def copy_whole(source: Path, to: Path) -> None:
    """Write one state of a database into `to`, whole or not at all, readable by this user alone.

    Writers of the source go on meanwhile. What its unused pages still hold of deleted rows is not copied.
    Raises StoreError where the source cannot be read, or the copy not be written or is not whole.
    """
    with _draft_of(to) as draft:
        with _told(source), _opened(source, "rw") as raw:
            raw.execute("VACUUM INTO ?", (str(draft),))
        check_whole(draft)
        settle(draft)
        draft.replace(to)
        settle(to.parent)


@contextmanager
def told_of_disk(to: Path) -> Iterator[None]:
    """Tell what the disk refuses as StoreError."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{to} cannot be written ({error.strerror}); make room, or choose another place") from error


@contextmanager
def _draft_of(to: Path) -> Iterator[Path]:
    with told_of_disk(to):
        handle, name = mkstemp(prefix=f"{to.name}.", suffix=".part", dir=to.parent)
        os.close(handle)
        draft = Path(name)
        try:
            yield draft
        finally:
            draft.unlink(missing_ok=True)


def settle(path: Path) -> None:
    """See to it that a file, or what a folder says of its files, is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _opened(file: Path, mode: str, timeout_s: float = BUSY_TIMEOUT_S) -> Iterator[Any]:
    place = f"file:{quote(str(file.absolute()))}?mode={mode}"  # neither mode makes a file
    raw = sqlite.connect(place, uri=True, timeout=timeout_s, isolation_level=None)
    try:
        yield raw
    finally:
        raw.close()


@contextmanager
def _connected(raw: Any) -> Iterator[Connection]:
    engine = create_engine("sqlite://", creator=lambda: raw, module=sqlite, poolclass=StaticPool)
    with engine.connect() as connection:
        yield connection


@contextmanager
def _told(file: Path) -> Iterator[None]:
    try:
        yield
    except (sqlite.Error, DBAPIError) as error:
        cause = getattr(error, "orig", None) or error
        raise StoreError(f"{file} cannot be read as a store ({cause}); check that it is there, and whole") from error
