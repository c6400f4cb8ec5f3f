"""Runs an exported query on a real DuckDB or PostgreSQL, over a table of features."""

from collections.abc import Callable

import duckdb
import polars as pl
import psycopg
import pytest

from serving.sql.dialect import Dialect

Run = Callable[[str, pl.DataFrame], pl.DataFrame]  # a query, and the table "features" that it reads

_TYPES = {pl.String: "text", pl.Float64: "double precision", pl.Boolean: "boolean", pl.Int64: "bigint"}


@pytest.fixture(params=[Dialect.DUCKDB, Dialect.POSTGRES])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Give each dialect that is run here, in turn."""
    return Dialect(request.param)


@pytest.fixture
def run(dialect: Dialect, request: pytest.FixtureRequest) -> Run:
    """Give a function that runs a query on the dialect's own engine."""
    if dialect is Dialect.DUCKDB:
        return _run_on_duckdb
    url = request.getfixturevalue("postgres_server").format(name="postgres")
    return lambda query, features: _run_on_postgres(url, query, features)


def _run_on_duckdb(query: str, features: pl.DataFrame) -> pl.DataFrame:
    with duckdb.connect(config={"threads": 1}) as connection:
        connection.register("features", features.to_arrow())
        found = pl.from_arrow(connection.sql(query).to_arrow_table())
    assert isinstance(found, pl.DataFrame)
    return found


def _run_on_postgres(url: str, query: str, features: pl.DataFrame) -> pl.DataFrame:
    columns = ", ".join(f"{_quoted(name)} {_TYPES[type(kind)]}" for name, kind in features.schema.items())
    with psycopg.connect(url) as connection, connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS features; CREATE TABLE features ({columns})".encode())
        with cursor.copy("COPY features FROM STDIN") as copy:
            for row in features.iter_rows():
                copy.write_row(row)
        rows = cursor.execute(query.encode()).fetchall()
        assert cursor.description is not None
        names = [column.name for column in cursor.description]
    return pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
