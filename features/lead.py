"""One lead as a request or the store gives it: what is known of it, what it did, and the moment it is seen from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

AttributeValue = float | str | datetime | None  # None is missing; a flag is 1.0 or 0.0; a datetime carries a zone


class Event(NamedTuple):  # a request makes dozens, and this is made faster than a frozen dataclass
    """One thing the lead did. `occurred_at` carries a zone; `content` says with which page, offer or asset."""

    type: str
    occurred_at: datetime
    content: str | None = None


@dataclass(frozen=True)
class Lead:
    """One lead seen from `as_of` (with a zone); events later than that change nothing.

    Attributes are by the CRM's own column name; one that is left out is missing, one that no feature reads is ignored.
    """

    attributes: Mapping[str, AttributeValue]
    events: Sequence[Event]
    as_of: datetime
