"""A rate that is counted, with how far it can be trusted and what was expected."""

from dataclasses import dataclass
from typing import Any

from features.wilson import wilson


@dataclass(frozen=True)
class Rate:
    """So many of so many leads. `expected`: how many the leads' own probabilities said, None where they had none."""

    positives: int
    leads: int
    expected: float | None = None

    @property
    def share(self) -> float | None:
        """Give the rate, 0 to 1; None of no leads."""
        return self.positives / self.leads if self.leads else None

    @property
    def low(self) -> float:
        """Give the lower end of the 95 % interval (Wilson 1927)."""
        return wilson(self.positives, self.leads)[0]

    @property
    def high(self) -> float:
        """Give the upper end of the 95 % interval."""
        return wilson(self.positives, self.leads)[1]

    @property
    def expected_share(self) -> float | None:
        """Give the rate that was expected, 0 to 1."""
        return self.expected / self.leads if self.expected is not None and self.leads else None

    def plus(self, other: "Rate") -> "Rate":
        """Give the rate of both together."""
        known = [each for each in (self.expected, other.expected) if each is not None]
        return Rate(self.positives + other.positives, self.leads + other.leads, sum(known) if known else None)

    def to_json(self) -> dict[str, Any]:
        """Give the rate as plain JSON values."""
        interval = [self.low, self.high] if self.leads else None
        return {
            "positives": self.positives,
            "leads": self.leads,
            "rate": self.share,
            "interval_95": interval,
            "expected": self.expected,
            "expected_rate": self.expected_share,
        }
