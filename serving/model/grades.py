"""Grades and segments: fit A to D and engagement 1 to 4, cut at quantiles of the training leads' points."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, overload

import numpy as np
from numpy.typing import NDArray

FIT_GRADES = ("A", "B", "C", "D")
ENGAGEMENT_GRADES = ("1", "2", "3", "4")
UPPER_HALF = 2  # A and B, 1 and 2


class Segment(StrEnum):
    """What to do with a lead: call it, nurture it, find out why it is curious, or leave it parked."""

    GOLDEN = "golden"
    NURTURE = "nurture"
    CURIOUS = "curious"
    PARK = "park"


SEGMENTS = (Segment.GOLDEN, Segment.NURTURE, Segment.CURIOUS, Segment.PARK)


@dataclass(frozen=True)
class GradeCuts:
    """Descending points that a lead must be above for the first, second and third grade of a side.

    A lead exactly at a cut gets the lower grade: where many leads tie (those without any event, say), the tie is no
    merit.
    """

    fit: tuple[float, ...]
    engagement: tuple[float, ...]

    @overload
    def rank_fit(self, points: float) -> int: ...
    @overload
    def rank_fit(self, points: NDArray[np.float64]) -> NDArray[np.intp]: ...
    def rank_fit(self, points: NDArray[np.float64] | float) -> NDArray[np.intp] | int:
        """Give 0 (A) to 3 (D)."""
        return _rank(points, self.fit)

    @overload
    def rank_engagement(self, points: float) -> int: ...
    @overload
    def rank_engagement(self, points: NDArray[np.float64]) -> NDArray[np.intp]: ...
    def rank_engagement(self, points: NDArray[np.float64] | float) -> NDArray[np.intp] | int:
        """Give 0 (1) to 3 (4)."""
        return _rank(points, self.engagement)

    def to_json(self) -> dict[str, Any]:
        """Give the cuts as plain JSON values."""
        return {"fit": list(self.fit), "engagement": list(self.engagement)}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "GradeCuts":
        """Read back what `to_json` gave."""
        return cls(tuple(map(float, value["fit"])), tuple(map(float, value["engagement"])))


def cut_at_quantiles(points: NDArray[np.float64], shares: Sequence[float]) -> tuple[float, ...]:
    """Give the points at the quantiles `shares` (descending) of the training leads' points of one side.

    >>> cut_at_quantiles(np.arange(11.0), (0.8, 0.5, 0.2))
    (8.0, 5.0, 2.0)
    """
    return tuple(float(np.quantile(points, share, method="lower")) for share in shares)


def segment_rank(fit: NDArray[np.intp], engagement: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give the index into `SEGMENTS` from the two grades' ranks."""
    return np.asarray(2 * (fit >= UPPER_HALF) * 1 + (engagement >= UPPER_HALF) * 1)


@overload
def _rank(points: float, cuts: tuple[float, ...]) -> int: ...
@overload
def _rank(points: NDArray[np.float64], cuts: tuple[float, ...]) -> NDArray[np.intp]: ...
def _rank(points: NDArray[np.float64] | float, cuts: tuple[float, ...]) -> NDArray[np.intp] | int:
    if isinstance(points, np.ndarray):
        return np.asarray(len(cuts) - np.searchsorted(np.array(cuts[::-1]), points, side="left"))
    return len(cuts) - bisect_left(cuts[::-1], points)
