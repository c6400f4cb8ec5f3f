"""Time as whole microseconds since 1970 in UTC: integers, so that tables and single leads agree to the last bit."""

from datetime import UTC, datetime

HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US  # always 86,400 s, also where clocks change

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def microseconds(moment: datetime) -> int:
    """Give a moment as microseconds since 1970 in UTC. One without a zone raises TypeError.

    >>> microseconds(datetime(1970, 1, 2, tzinfo=UTC)) == DAY_US
    True
    """
    since = moment - _EPOCH
    return since.days * DAY_US + since.seconds * 1_000_000 + since.microseconds
