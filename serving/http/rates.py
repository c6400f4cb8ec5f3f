"""How often each caller may come: a bucket of requests that fills up again at a steady rate.

Kept as the moment at which the bucket would be full (GCRA): one number a caller, in memory that all workers of a
service share. Two workers that write the same number at the same time may forget a request; that is let pass.
"""

import mmap
import os
import time
from collections.abc import Callable
from pathlib import Path

SLOTS = 4_096  # callers with numbers that are alike after division by this share a bucket
SLOT_BYTES = 8
WRONG_KEYS_PER_S, WRONG_KEYS_AT_ONCE = 0.2, 10  # from one address: enough for slips of the hand


class Rates:
    """Lets each caller come `per_s` times a second, and `at_once` times after a pause.

    `file` is shared with other workers, None is for one process alone. `now_s` never goes back, and is the same in all
    processes of the machine.
    """

    def __init__(
        self, per_s: float, at_once: float, file: Path | None = None, now_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._step_s = 1 / per_s
        self._slack_s = (at_once - 1) / per_s
        self._now_s = now_s
        self._full_at_s = memoryview(_shared(file)).cast("d")

    def wait_s(self, caller: int) -> float:
        """Say how long a caller has to wait; 0 where it may come now."""
        return max(0.0, self._full_at_s[caller % SLOTS] - self._now_s() - self._slack_s)

    def count(self, caller: int) -> None:
        """Count that a caller came."""
        slot = caller % SLOTS
        self._full_at_s[slot] = max(self._full_at_s[slot], self._now_s()) + self._step_s


def _shared(file: Path | None) -> mmap.mmap:
    size = SLOTS * SLOT_BYTES
    if file is None:
        return mmap.mmap(-1, size)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        os.ftruncate(descriptor, size)  # of the same size for all: whoever comes later changes nothing
        return mmap.mmap(descriptor, size)
    finally:
        os.close(descriptor)


def rates_of(per_s: float, folder: Path | None) -> Rates:
    """Give how often each key may come, with a second's worth after a pause; `folder` is shared by the workers."""
    return Rates(per_s, max(1.0, per_s), folder and folder / "rates")


def wrong_keys_of(folder: Path | None) -> Rates:
    """Give how often each place may try to log in with a wrong key."""
    return Rates(WRONG_KEYS_PER_S, WRONG_KEYS_AT_ONCE, folder and folder / "wrong-keys")
