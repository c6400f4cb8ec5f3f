"""A real PostgreSQL for the tests: started once by each worker that needs it."""

from collections.abc import Iterator
from contextlib import closing
from uuid import uuid4

import psycopg
import pytest

from benchmarks.postgres import NotInstalledError, running_postgres
from features.store import open_store

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
    return _new_database(postgres_server, "template0")


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """Give the name of a database that is an empty store with all its tables, to make others from."""
    url = _new_database(postgres_server, "template0")
    make_tables(url)
    return url.partition("?")[0].rpartition("/")[2]


@pytest.fixture
def postgres_store_url(postgres_server: str, postgres_template: str) -> str:
    """Give the URL of a fresh, empty store."""
    return _new_database(postgres_server, postgres_template)


def make_tables(url: str) -> None:
    """Make the tables of a store, as its first use does."""
    with closing(open_store(url)) as store, store.writing():
        pass


def _new_database(server: str, template: str) -> str:
    name = f"test_{uuid4().hex}"
    with psycopg.connect(server.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    return server.format(name=name)
