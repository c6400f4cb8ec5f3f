"""A real PostgreSQL for the tests: started once by each worker that needs it."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from uuid import uuid4

import psycopg
import pytest

from benchmarks.postgres import NotInstalledError, running_postgres
from features.store import open_store
from features.store.migrate import NEWEST
from features.store.schema import metadata

SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=50")


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """Give the URL of a running server, to which the name of a database is added by `postgres_url`.

    Tests are skipped where PostgreSQL's programs are not installed.
    """
    try:
        with running_postgres(SETTINGS) as url:
            yield url
    except NotInstalledError as error:
        pytest.skip(str(error))


@pytest.fixture
def postgres_url(postgres_server: str) -> str:
    """Give the URL of a fresh, empty database, `postgresql://...`."""
    return _new_database(postgres_server)


class EmptyStore:
    """A store on a server, emptied for each test: a database of its own for each would take longer than most tests."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._url: str | None = None

    def url(self) -> str:
        """Give the store's URL. It is empty, and nobody of an earlier test is connected any more."""
        if self._url is None or not _is_emptied(self._url):
            self._url = _new_database(self._server)
            make_tables(self._url)
        return self._url


@pytest.fixture(scope="session")
def postgres_store(postgres_server: str) -> EmptyStore:
    """Give the store that the tests of this worker share, emptied for each."""
    return EmptyStore(postgres_server)


@pytest.fixture(scope="session")
def postgres_shared(postgres_server: str) -> EmptyStore:
    """Give the store that the modules of this worker share, emptied for each module."""
    return EmptyStore(postgres_server)


@pytest.fixture
def postgres_store_url(postgres_store: EmptyStore) -> str:
    """Give the URL of an empty store."""
    return postgres_store.url()


def make_tables(url: str) -> None:
    """Make the tables of a store, as its first use does."""
    with closing(open_store(url)) as store, store.writing():
        pass


def _is_emptied(url: str) -> bool:
    """Empty a store; say whether its tables are still those of this version."""
    tables = [table.name for table in metadata.sorted_tables]
    others = (
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
        "WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(others)
        found = {name for (name,) in connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}
        if found != {*tables, "alembic_version"}:
            return False
        if connection.execute("SELECT version_num FROM alembic_version").fetchall() != [(NEWEST,)]:
            return False
        _delete_rows(connection, tables[::-1])
    return True


def _delete_rows(connection: psycopg.Connection, tables: Sequence[str]) -> None:
    """Empty tables, those that refer to others first. TRUNCATE writes the files of all anew: ten times the work."""
    asked = " UNION ALL ".join(f"(SELECT '{table}' WHERE EXISTS (SELECT FROM {table}))" for table in tables)
    filled = [table for (table,) in connection.execute(asked.encode())]
    for table in filled:
        connection.execute(f"DELETE FROM {table}".encode())
    if filled:
        connection.execute(f"VACUUM {', '.join(filled)}".encode())  # cuts their files as well
    connection.execute("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence")


def _new_database(server: str) -> str:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return server.format(name=name)
