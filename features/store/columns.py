"""Types of columns that SQLite and PostgreSQL both keep without loss."""

from datetime import UTC, datetime

from sqlalchemy import JSON, BigInteger, ColumnElement, DateTime, Dialect, Integer, String, cast, func, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeDecorator

# Counts up by itself in both; SQLite does so for INTEGER alone.
Serial = BigInteger().with_variant(Integer(), "sqlite")
# Plain JSON values. PostgreSQL's JSONB can be searched by member.
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

_TO_THE_SECOND, _FRACTION_AT = 19, 21  # characters of 2026-03-01 10:00:00.000000


class Instant(TypeDecorator[datetime]):
    """A moment with its zone, kept in UTC; SQLite itself would drop the zone."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # base's
        """Give what is written: the moment in UTC. Raises ValueError for a moment without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value} has no zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:  # noqa: ARG002  # base's
        """Give what is read: the moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def microseconds(column: ColumnElement[datetime], dialect: Dialect) -> ColumnElement[int]:
    """Give a moment as the database itself counts it out, in microseconds since 1970: quick for whole tables."""
    if dialect.name == "postgresql":
        return cast(func.extract("epoch", column) * 1_000_000, BigInteger)
    text = type_coerce(column, String)
    seconds: ColumnElement[int] = func.unixepoch(func.substr(text, 1, _TO_THE_SECOND))
    return seconds * 1_000_000 + cast(func.substr(text, _FRACTION_AT), Integer)
