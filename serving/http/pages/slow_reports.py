"""Keeps reports that took long to make at hand for a minute: a page is often opened again, and by several."""

import time
from collections.abc import Callable, Hashable
from threading import Lock
from typing import Any, TypeVar

SLOW_S = 0.3  # what is made sooner is made anew each time
FRESH_S = 60.0
MOST = 50

T = TypeVar("T")


class SlowReports:
    """Remembers the last slow reports. `now_s` is a clock that never goes back."""

    def __init__(self, now_s: Callable[[], float] = time.monotonic) -> None:
        self._now_s = now_s
        self._lock = Lock()
        self._made: dict[Hashable, tuple[float, Any]] = {}

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """Give the report with this key, as it was made less than a minute ago or is made now."""
        began_s = self._now_s()
        with self._lock:
            made_s, report = self._made.get(key, (float("-inf"), None))
        if began_s - made_s < FRESH_S:
            return report  # type: ignore[no-any-return]  # it is what `make` gave for this key
        made = make()
        if self._now_s() - began_s >= SLOW_S:
            self._keep(key, began_s, made)
        return made

    def _keep(self, key: Hashable, began_s: float, made: object) -> None:
        with self._lock:
            self._made.pop(key, None)
            self._made[key] = (began_s, made)
            while len(self._made) > MOST:
                del self._made[next(iter(self._made))]
