"""Says which stage of long work is running, and notes how long each took."""

from collections.abc import Iterator
from contextlib import contextmanager
from time import perf_counter

from features.progress import Progress


class Stages:
    """`progress` is told each stage's name and the share of the whole, 0 to 1, that is done when it begins."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def stage(self, name: str, share: float) -> Iterator[None]:
        """Announce a stage and time what happens inside it."""
        self._progress(name, share)
        began = perf_counter()
        yield
        self.seconds[name] = perf_counter() - began
