"""Opens the store: SQLite so that no update is lost, or PostgreSQL."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import Any

import pysqlite3.dbapi2
from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from features.errors import StoreError
from features.store.migrate import migrate
from features.store.sweeping import sweep_postgresql, sweep_sqlite

BUSY_TIMEOUT_S = 5.0  # how long a writer waits for another one
CONNECT_TIMEOUT_S = 5  # how long a server may take to answer
# A host that is gone without a word is given up after 11 seconds; the system's own patience is two hours.
HOST_GONE = {"keepalives_idle": 5, "keepalives_interval": 2, "keepalives_count": 3, "tcp_user_timeout": 11_000}


class Store:
    """One store: `reading()` and `writing()` each give a connection inside a transaction.

    The tables are made, or brought up to this version, when the store is first used, not when it is opened. Raises
    StoreError where the store cannot be reached or refuses.
    """

    def __init__(self, url: URL, reader: Engine, writer: Engine) -> None:
        self._url = url
        self._reader = reader
        self._writer = writer
        self._has_tables = False
        self._making_tables = Lock()

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a connection that sees one state of the store and cannot change it."""
        with self._told(), self._prepared(self._reader).begin() as connection:
            yield connection

    @contextmanager
    def writing(self) -> Iterator[Connection]:
        """Give a connection that alone may write; what it wrote stays when the block ends without an error."""
        with self._told(), self._prepared(self._writer).begin() as connection:
            yield connection

    @property
    def is_sqlite(self) -> bool:
        """Say whether this is the embedded store."""
        return self._url.get_backend_name() == "sqlite"

    def sweep(self, up_to_bytes: int | None = None) -> bool:
        """Clear away what is left of deleted rows; say whether all is done (see `features.store.sweeping`).

        An embedded store larger than `up_to_bytes` has only its log emptied.
        """
        with self._told():
            engine = self._prepared(self._writer)
            return sweep_sqlite(engine, up_to_bytes) if self.is_sqlite else sweep_postgresql(engine)

    def close(self) -> None:
        """Let go of all connections."""
        self._reader.dispose()
        self._writer.dispose()

    def _prepared(self, engine: Engine) -> Engine:
        with self._making_tables:
            if not self._has_tables:
                if self.is_sqlite and self._url.database:
                    Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
                with self._writer.begin() as connection:
                    migrate(connection)
                self._has_tables = True
        return engine

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except (SQLAlchemyError, OSError) as error:
            cause = str(getattr(error, "orig", None) or error).partition("\n")[0]  # further lines may show values
            place = self._url.render_as_string(hide_password=True)
            raise StoreError(
                f"the store {place} cannot be used ({cause}); check that it is there and writable"
            ) from error


def open_store(url: str) -> Store:
    """Open the store at a URL, sqlite:///FILE or postgresql://...; nothing is read or made yet.

    Raises StoreError for a URL of another kind.
    """
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise StoreError("the store's URL cannot be read; write sqlite:///FILE or postgresql://...") from None
    backend = parsed.get_backend_name()
    if backend == "sqlite":
        return _open_sqlite(parsed)
    if backend == "postgresql":
        return _open_postgresql(parsed)
    raise StoreError(f"a store of kind {backend!r} is not known; write sqlite:///FILE or postgresql://...")


def _open_sqlite(url: URL) -> Store:
    if url.database in {None, "", ":memory:"}:
        raise StoreError("a store in memory would forget everything; write sqlite:///FILE")
    return Store(url, _sqlite_engine(url, "BEGIN"), _sqlite_engine(url, "BEGIN IMMEDIATE"))


def _sqlite_engine(url: URL, begin: str) -> Engine:
    """Make an engine that starts its transactions itself: the driver's own habit of starting late loses updates."""
    engine = create_engine(url, module=pysqlite3.dbapi2, connect_args={"timeout": BUSY_TIMEOUT_S}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten, not only unlinked
        if begin == "BEGIN":
            connection.execute("PRAGMA query_only = ON")

    @event.listens_for(engine, "begin")
    def start(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    return engine


def _open_postgresql(url: URL) -> Store:
    own = {
        "connect_timeout": CONNECT_TIMEOUT_S,
        "prepare_threshold": None,  # prepared statements break poolers
        **HOST_GONE,
    }
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"), connect_args=own, pool_pre_ping=True, hide_parameters=True
    )
    reader = engine.execution_options(postgresql_readonly=True, isolation_level="REPEATABLE READ")
    return Store(url, reader, engine)
