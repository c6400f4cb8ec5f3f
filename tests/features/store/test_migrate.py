"""Tables come up to this version from any earlier one, and are then what the schema says."""

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from features.errors import StoreError
from features.store import all_keys, open_store
from features.store import migrations as migrations_package
from features.store.migrate import NEWEST
from features.store.schema import api_keys, metadata

BEFORE_STEPS = """CREATE TABLE api_keys (
    id INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL, name VARCHAR(200) NOT NULL, role VARCHAR(20) NOT NULL,
    digest VARCHAR(64) NOT NULL UNIQUE, created_at DATETIME NOT NULL, revoked_at DATETIME, last_used_at DATETIME)"""


def test_the_newest_step_is_the_one_that_stores_are_brought_to() -> None:
    folder = Path(migrations_package.__file__).parent
    assert ScriptDirectory(str(folder)).get_heads() == [NEWEST]


def test_a_new_store_has_the_tables_of_the_schema(store_url: str) -> None:
    store = open_store(store_url)
    with store.writing() as connection:
        dialect = connection.dialect.name

        def is_of_this_store(thing: sa.schema.SchemaItem, *_: object) -> bool:
            return bool(thing.info.get("dialect", dialect) == dialect)

        opts = {"compare_type": True, "include_object": is_of_this_store}
        context = MigrationContext.configure(connection, opts=opts)
        assert compare_metadata(context, metadata) == []
    store.close()


def test_a_store_from_before_there_were_steps_keeps_its_keys(tmp_path: Path) -> None:
    file = tmp_path / "old.db"
    with sa.create_engine(f"sqlite:///{file}").begin() as connection:
        connection.execute(sa.text(BEFORE_STEPS))
        row = "INSERT INTO api_keys VALUES (7, 'crm', 'crm', 'abc', '2026-01-01 00:00:00.000000', NULL, NULL)"
        connection.execute(sa.text(row))
    store = open_store(f"sqlite:///{file}")
    assert [(key.id, key.digest) for key in all_keys(store)] == [(7, "abc")]
    with store.writing() as connection:
        assert connection.execute(sa.select(api_keys.c.expires_at)).scalar_one() is None
    store.close()


def test_a_store_of_a_newer_version_is_refused_and_left_alone(store_url: str) -> None:
    store = open_store(store_url)
    with store.writing() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    store.close()
    again = open_store(store_url)
    with pytest.raises(StoreError, match=r"newer version \(9999\)"):
        all_keys(again)
    again.close()
