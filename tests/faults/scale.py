"""How much of each fault there is: a taste in every run of the tests, all of it behind `make test-faults`."""

import sys
import time
from dataclasses import dataclass

SAY_EVERY_S = 10.0


@dataclass
class Scale:
    """How often the service is killed and gets another model, how long it is loaded, and whether a person watches."""

    kills: int = 2
    key_rounds: int = 1
    workers: int = 2
    writes: int = 40
    overload_s: float = 0.5
    swaps: int = 6
    soak_s: float = 1.5
    bodies: int = 25
    is_long: bool = False
    _said_at: float = 0.0

    def say(self, how_far: str) -> None:
        """Tell a person who watches a long run how far it is, now and then."""
        now = time.monotonic()
        if self.is_long and now - self._said_at > SAY_EVERY_S:
            self._said_at = now
            sys.stderr.write(f"  {time.strftime('%H:%M:%S')} {how_far}\n")


def long_scale(kills: int, soak_minutes: float) -> Scale:
    """Give the scale of `make test-faults`."""
    return Scale(
        kills=kills,
        key_rounds=20,
        workers=4,
        writes=500,
        overload_s=60,
        swaps=50,
        soak_s=60 * soak_minutes,
        bodies=300,
        is_long=True,
    )
