"""A real PostgreSQL for the tests: started once by each worker that needs it."""

from collections.abc import Iterator
from uuid import uuid4

import psycopg
import pytest

from benchmarks.postgres import NotInstalledError, running_postgres

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
    name = f"test_{uuid4().hex}"
    with psycopg.connect(postgres_server.format(name="postgres"), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    return postgres_server.format(name=name)
