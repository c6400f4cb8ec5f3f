"""Moments as callers send them."""

from datetime import UTC, date, datetime, time, tzinfo

EARLIEST_YEAR, LATEST_YEAR = 1900, 2200  # beyond are slips of the pen, and arithmetic that overflows
LIKE = "write it as 2026-03-01T10:00:00Z"


def read_moment(text: str) -> datetime:
    """Read an ISO 8601 time with its zone, in UTC.

    Raises ValueError that says what is wrong and how to write it.

    >>> read_moment("2026-03-01T12:00:00+02:00")
    datetime.datetime(2026, 3, 1, 10, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        try:
            moment = datetime.fromisoformat(text.upper())  # RFC 3339 allows 't' and 'z'
        except ValueError:
            raise ValueError(f"is not a time; {LIKE}") from None
    if moment.tzinfo is None:
        raise ValueError(f"has no zone; {LIKE} or with an offset such as +02:00")
    if not EARLIEST_YEAR <= moment.year <= LATEST_YEAR:
        raise ValueError(f"is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return moment.astimezone(UTC)


def read_date(text: str, zone: tzinfo) -> datetime:
    """Read a date, as the start of that day in `zone`, or a time with its zone; in UTC.

    Raises ValueError that says what is wrong and how to write it.

    >>> read_date("2026-03-01", UTC)
    datetime.datetime(2026, 3, 1, 0, 0, tzinfo=datetime.timezone.utc)
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return read_moment(text)
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        raise ValueError(f"is not between {EARLIEST_YEAR} and {LATEST_YEAR}")
    return datetime.combine(day, time(), zone).astimezone(UTC)


def write_moment(moment: datetime) -> str:
    """Write a moment in UTC.

    >>> write_moment(datetime(2026, 3, 1, 10, 0, tzinfo=UTC))
    '2026-03-01T10:00:00Z'
    """
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
