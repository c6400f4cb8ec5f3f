"""A sweep goes on beside those who use the store."""

from contextlib import closing
from datetime import UTC, datetime

import psycopg
from sqlalchemy import delete

from features.store import open_store
from features.store.leads import put_lead
from features.store.schema import leads

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
SOON = "&options=-c%20statement_timeout%3D3000"  # PostgreSQL itself would wait for 5 seconds, at each table


def test_postgresql_sweeps_a_table_that_was_emptied_while_another_one_uses_it(postgres_url: str) -> None:
    with closing(open_store(postgres_url + SOON)) as store:
        with store.writing() as connection:
            for number in range(50):
                put_lead(connection, str(number), {"text": "x" * 400}, handed_over_at=None, owner=None, now=NOW)
        with store.writing() as connection:
            connection.execute(delete(leads))
        with psycopg.connect(postgres_url) as other:
            other.execute("LOCK TABLE leads IN ACCESS SHARE MODE")
            assert store.sweep()
