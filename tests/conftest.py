"""What tests of several parts share: a database of MLflow, made once for all of them, and a PostgreSQL."""

import fcntl
import shutil
from pathlib import Path

import pytest

from tests.postgres import postgres_server, postgres_url
from training.records.tracking import open_client

__all__ = ["mlflow_template", "postgres_server", "postgres_url", "store_url", "tracking_uri"]


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


@pytest.fixture(params=["sqlite", "postgresql"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Give the URL of an empty store, of each kind in turn; PostgreSQL is skipped where its programs are missing."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'store.db'}"
    return str(request.getfixturevalue("postgres_url"))
