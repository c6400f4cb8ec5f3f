"""An insert that passes over rows that are there already, in the words of either database."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Insert, Table
from sqlalchemy.dialects import postgresql, sqlite


def insert_missing(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> int:
    """Insert those of the rows whose keys are not taken; give how many."""
    return len(insert_missing_returning(connection, table, rows, next(iter(table.primary_key))))


def insert_missing_returning(
    connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]], column: Column[Any]
) -> list[Any]:
    """Insert those of the rows whose keys are not taken; give what stands in `column` of each, in any order."""
    if not rows:
        return []
    return list(connection.execute(_passing_over(connection, table).returning(column), list(rows)).scalars())


def _passing_over(connection: Connection, table: Table) -> Insert:
    if connection.dialect.name == "postgresql":
        return postgresql.insert(table).on_conflict_do_nothing()
    return sqlite.insert(table).on_conflict_do_nothing()
