"""The warehouses that the query can be written for."""

from enum import StrEnum

POSTGRES_NAME_BYTES = 63  # it cuts off the rest of a longer name


class Dialect(StrEnum):
    """A warehouse that the query can be written for."""

    DUCKDB = "duckdb"
    POSTGRES = "postgres"
    SPARK = "spark"

    @property
    def product(self) -> str:
        """Give the warehouse's own name."""
        return {Dialect.DUCKDB: "DuckDB", Dialect.POSTGRES: "PostgreSQL", Dialect.SPARK: "Spark"}[self]

    def as_told_apart(self, name: str) -> str:
        """Give what the warehouse knows a column by: names for which it is the same are one column.

        >>> Dialect.DUCKDB.as_told_apart("Sector"), Dialect.POSTGRES.as_told_apart("Sector")
        ('sector', 'Sector')
        """
        if self is Dialect.POSTGRES:
            return name.encode()[:POSTGRES_NAME_BYTES].decode(errors="ignore")
        return name.lower()
