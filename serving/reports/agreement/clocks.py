"""How long sales took, so that a few slow leads do not hide behind an average."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

MEDIAN, SLOW = 0.5, 0.9


@dataclass(frozen=True)
class Clock:
    """Business seconds of so many leads: half took `median_s` at most, nine in ten `slow_s` at most."""

    leads: int
    median_s: int | None
    slow_s: int | None

    @classmethod
    def of(cls, seconds: NDArray[np.int64]) -> "Clock":
        """Give the clock of the leads that took so long. Quantiles are of the leads themselves, not between two.

        >>> Clock.of(np.array([30, 10, 20, 40]))
        Clock(leads=4, median_s=20, slow_s=40)
        """
        if not len(seconds):
            return cls(0, None, None)
        median, slow = np.quantile(seconds, (MEDIAN, SLOW), method="inverted_cdf")
        return cls(len(seconds), int(median), int(slow))

    def to_json(self) -> dict[str, Any]:
        """Give the clock as plain JSON values."""
        return {"leads": self.leads, "median_s": self.median_s, "p90_s": self.slow_s}
