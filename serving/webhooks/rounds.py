"""Does something again and again in a thread of its own, whatever goes wrong."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Event, Thread

import structlog

LONGEST_PAUSE_S = 30.0  # after failure upon failure


@dataclass
class Rounds:
    """Calls `step` at once again where it says True, that there is more to do, else `every_s` seconds later.

    A step that fails is said once, until it fails otherwise, and tried again after a pause that doubles.
    """

    name: str
    step: Callable[[], bool | None]
    every_s: float
    failures: int = 0
    said: str | None = None

    def begin(self, ended: Event) -> Thread:
        """Start the thread; it ends after the step under way when `ended` is set, and with the process."""
        thread = Thread(target=self._run, args=(ended,), name=self.name, daemon=True)
        thread.start()
        return thread

    def once(self) -> float:
        """Do one step and give the seconds until the next."""
        try:
            more = self.step()
        except Exception as error:  # a thread that dies would keep silent for ever
            self.failures += 1
            self._say(f"{type(error).__name__}: {str(error).partition(chr(10))[0]}")
            wait: float = self.every_s * 2 ** min(self.failures, 30)
            return min(wait, max(self.every_s, LONGEST_PAUSE_S))
        self.failures, self.said = 0, None
        return 0.0 if more else self.every_s

    def _run(self, ended: Event) -> None:
        while not ended.wait(self.once()):
            pass

    def _say(self, why: str) -> None:
        if self.said != why:
            self.said = why
            structlog.get_logger().error("webhooks held up", part=self.name, why=why)
