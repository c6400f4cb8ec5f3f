"""The one way to reach MLflow: a client that answers soon, or says in one line why not."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy.exc import SQLAlchemyError

from features.errors import StoreError

if TYPE_CHECKING:
    from mlflow import MlflowClient

PATIENCE_S = 5  # for one answer; MLflow's own default holds a command for minutes

_MLFLOW_SETTINGS = {
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "1",
    "MLFLOW_HTTP_REQUEST_TIMEOUT": str(PATIENCE_S),
    "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false",
    "MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true",
    "MLFLOW_LOGGING_LEVEL": "ERROR",
}


def prepare_mlflow() -> None:
    """Set what MLflow reads from the environment: no telemetry, short waits, few words. The user's own settings win.

    Has to be called before the first import of MLflow.
    """
    for name, value in _MLFLOW_SETTINGS.items():
        os.environ.setdefault(name, value)


def open_client(uri: str) -> "MlflowClient":
    """Give a client of the server (http, https) or database (sqlite with an absolute path, postgresql) at `uri`.

    The first takes seconds, as it imports MLflow and makes a missing database. Raises StoreError at once where a
    database cannot be opened.
    """
    prepare_mlflow()
    if not is_server(uri):
        _probe_database(uri)
    with said_plainly(uri):
        from mlflow import MlflowClient  # noqa: PLC0415 - takes seconds, so only where it is used

        return MlflowClient(uri, uri)


@contextmanager
def said_plainly(uri: str) -> Iterator[None]:
    """Turn what MLflow, its database and its files raise into a StoreError of one line."""
    from mlflow.exceptions import MlflowException  # noqa: PLC0415 - takes seconds, so only where it is used

    try:
        yield
    except (MlflowException, SQLAlchemyError, OSError) as error:
        raise StoreError(f"MLflow at {_without_password(uri)}: {_first_line(error)}") from error


def is_server(uri: str) -> bool:
    """Say whether a server keeps the records, and with them the files of runs."""
    return uri.startswith(("http://", "https://"))


def is_begun(uri: str) -> bool:
    """Say whether there can be anything to read: a SQLite database that nobody wrote yet is not made by reading it."""
    file = _sqlite_file(uri)
    return file is None or file.exists()


def artifact_location(uri: str, home: Path) -> str | None:
    """Give the folder for the files of runs: beside a SQLite database, else in `home`; None where a server keeps them.

    >>> artifact_location("sqlite:////data/acme/.leadsift/mlflow.db", Path("/data/acme"))
    '/data/acme/.leadsift/mlartifacts'
    """
    if is_server(uri):
        return None
    file = _sqlite_file(uri)
    return str((file.parent if file else home / ".leadsift") / "mlartifacts")


def _probe_database(uri: str) -> None:
    """Connect once: MLflow itself would try again for more than a minute, with a page of traceback each time."""
    file = _sqlite_file(uri)
    if file is not None and set("%?") & set(str(file)):
        raise StoreError(f"MLflow at {uri}: its path must not have '%' or '?' in it; choose another tracking_uri")
    try:
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)
        with _connection(uri) as connection:
            connection.execute(sa.text("SELECT 1" if file is None else "PRAGMA schema_version"))
    except (SQLAlchemyError, OSError, ImportError) as error:
        place = _without_password(uri)
        raise StoreError(f"MLflow at {place}: {_first_line(error)}; check [mlflow] tracking_uri") from error


@contextmanager
def _connection(uri: str) -> Iterator[sa.Connection]:
    wait = {} if _sqlite_file(uri) else {"connect_timeout": PATIENCE_S}
    engine = sa.create_engine(uri, poolclass=sa.NullPool, connect_args=wait)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _sqlite_file(uri: str) -> Path | None:
    scheme, found, path = uri.partition(":///")
    return Path(path) if found and scheme.partition("+")[0] == "sqlite" else None


def _without_password(uri: str) -> str:
    """Hide a password that is part of the address.

    >>> _without_password("postgresql://acme:secret@db/mlflow")
    'postgresql://acme:***@db/mlflow'
    """
    scheme, found, rest = uri.partition("://")
    user, at, host = rest.rpartition("@")
    return f"{scheme}{found}{user.partition(':')[0]}:***@{host}" if at else uri


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0] or type(error).__name__
