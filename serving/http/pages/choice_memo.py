"""The values that pages offer to filter by, looked up once a minute: finding them reads all leads."""

import time
from collections.abc import Callable, Sequence

from sqlalchemy import Connection

from serving.reports.lead_filter import choices

FRESH_S = 60.0


class ChoiceMemo:
    """Remembers the choices for a minute. `now_s` is a clock that never goes back."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._at_s = float("-inf")
        self._found: dict[str, Sequence[str]] = {}

    def of(self, connection: Connection) -> dict[str, Sequence[str]]:
        """Give the choices of the store."""
        if self._now_s() - self._at_s >= FRESH_S:
            self._found, self._at_s = choices(connection), self._now_s()
        return self._found
