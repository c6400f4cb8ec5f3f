"""The values that pages offer to filter by. Finding them reads all leads, so nobody waits for it twice.

They are looked up for the first reader, and from then on each minute in the background while somebody reads.
"""

import time
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import Connection

from serving.reports.lead_filter import choices

FRESH_S, KEPT_S = 60.0, 600.0


class ChoiceMemo:
    """Remembers the choices. `now_s` is a clock that never goes back."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._at_s = float("-inf")
        self._is_asked = False
        self._found: Mapping[str, Sequence[str]] = {}

    def of(self, connection: Connection) -> Mapping[str, Sequence[str]]:
        """Give the choices of the store as they were lately."""
        self._is_asked = True
        if self._now_s() - self._at_s >= KEPT_S:
            self._look_up(connection)
        return self._found

    def refresh(self, connection: Connection) -> None:
        """Look them up anew where somebody has asked for them since, and they are no longer fresh."""
        if self._is_asked and self._now_s() - self._at_s >= FRESH_S:
            self._look_up(connection)

    def _look_up(self, connection: Connection) -> None:
        self._found, self._at_s, self._is_asked = choices(connection), self._now_s(), False
