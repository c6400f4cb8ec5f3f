"""What tests of several parts share: a database of MLflow, made once for all of them, and stores of each kind."""

import fcntl
import shutil
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from features.store import Store, open_store
from tests.postgres import (
    EmptyStore,
    make_tables,
    postgres_server,
    postgres_shared,
    postgres_store,
    postgres_store_url,
    postgres_url,
)
from training.records.tracking import open_client

__all__ = [
    "mlflow_template",
    "postgres_server",
    "postgres_shared",
    "postgres_store",
    "postgres_store_url",
    "postgres_url",
    "shared_store",
    "shared_store_url",
    "sqlite_template",
    "sqlite_url",
    "store",
    "store_url",
    "tracking_uri",
]


@pytest.fixture(scope="session")
def mlflow_template(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Give an empty, migrated SQLite database of MLflow to copy: making one takes seconds.

    All workers of a run share it; the first to come makes it.
    """
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    template = shared / "mlflow-template.db"
    with (shared / "mlflow-template.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            draft = own / "mlflow-draft.db"
            open_client(f"sqlite:///{draft}").search_registered_models()
            draft.rename(template)
    return template


@pytest.fixture
def tracking_uri(mlflow_template: Path, tmp_path: Path) -> str:
    """Give the address of a fresh database of MLflow, for one test."""
    database = tmp_path / ".leadsift" / "mlflow.db"
    database.parent.mkdir()
    shutil.copy(mlflow_template, database)
    return f"sqlite:///{database}"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give an empty embedded store with all its tables, to copy: making them anew takes longer than most tests."""
    file = tmp_path_factory.mktemp("store-template") / "store.db"
    make_tables(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Give the URL of an empty embedded store."""
    return f"sqlite:///{shutil.copy(sqlite_template, tmp_path / 'store.db')}"


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest) -> str:
    """Give the URL of an empty store, of each kind in turn; PostgreSQL is skipped where its programs are missing."""
    return str(request.getfixturevalue("sqlite_url" if request.param == "sqlite" else "postgres_store_url"))


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Give an empty store of each kind in turn, open; it is closed at the end."""
    with closing(open_store(store_url)) as store:
        yield store


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def shared_store_url(
    request: pytest.FixtureRequest, sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> str:
    """Give the URL of a store of each kind in turn that is filled once for a module, whose tests only read.

    It is empty whenever it is made: where workers take tests from each other, a kind may come twice in a module.
    """
    if request.param == "sqlite":
        return f"sqlite:///{shutil.copy(sqlite_template, tmp_path_factory.mktemp('shared') / 'store.db')}"
    shared: EmptyStore = request.getfixturevalue("postgres_shared")
    return shared.url()


@pytest.fixture(scope="module")
def shared_store(shared_store_url: str) -> Iterator[Store]:
    """Give that store, open; it is closed at the end."""
    with closing(open_store(shared_store_url)) as store:
        yield store
