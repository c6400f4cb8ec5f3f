"""Brings a store's tables up to this version, once, whoever comes first."""

from pathlib import Path

from sqlalchemy import Connection, inspect, text

from features.errors import StoreError

NEWEST = "0003"  # the last step in migrations/versions
_LOCK = 7_315_020_846_211  # any number that no other program locks in the same database


def migrate(connection: Connection) -> None:
    """Run the steps that are missing, inside the transaction of `connection`, which alone may write.

    Raises StoreError for a store that a newer version of leadsift made.
    """
    if connection.dialect.name == "postgresql":  # SQLite's writer is alone already
        connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
    if check_version(connection) == NEWEST:
        return
    from alembic import command  # noqa: PLC0415 - costs time that a store with all its tables need not spend
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def check_version(connection: Connection) -> str | None:
    """Give the last step that the store has seen. Raises StoreError where a newer version of leadsift made it."""
    at = _version(connection)
    if at is not None and at > NEWEST:
        raise StoreError(
            f"the store's tables are of a newer version ({at}) than this leadsift knows ({NEWEST}); update it"
        )
    return at


def _version(connection: Connection) -> str | None:
    """Give the last step that the store has seen; None for a new store, or one from before there were steps."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
