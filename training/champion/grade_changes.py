"""Who changes grade when one model takes the place of another."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.compute import feature_table
from features.tables import Tables
from serving.model.grades import ENGAGEMENT_GRADES, FIT_GRADES, SEGMENTS, Segment
from serving.model.scoring import ScoringModel

NEWEST_LEADS = 1_000  # about what sales has open, whatever became of them

Matrix = tuple[tuple[int, ...], ...]


@dataclass(frozen=True)
class GradeChanges:
    """How many of the same newest leads had which grade under the old model (row) and have under the new (column).

    `fit` is in the order A to D, `engagement` 1 to 4, `segment` golden, nurture, curious, park.
    """

    old: str
    new: str
    leads: int
    fit: Matrix
    engagement: Matrix
    segment: Matrix

    @property
    def stay_golden(self) -> int:
        """Give how many are golden under both models."""
        at = SEGMENTS.index(Segment.GOLDEN)
        return self.segment[at][at]

    @property
    def golden_before(self) -> int:
        """Give how many are golden under the old model."""
        return sum(self.segment[SEGMENTS.index(Segment.GOLDEN)])

    @property
    def golden_after(self) -> int:
        """Give how many are golden under the new model."""
        return sum(row[SEGMENTS.index(Segment.GOLDEN)] for row in self.segment)

    @property
    def enter_golden(self) -> int:
        """Give how many become golden."""
        return self.golden_after - self.stay_golden

    @property
    def leave_golden(self) -> int:
        """Give how many are golden no more."""
        return self.golden_before - self.stay_golden

    def sentence(self) -> str:
        """Say the changes in one sentence."""
        fit, engagement = changed(self.fit), changed(self.engagement)
        return (
            f"Of the newest {self.leads:,} leads, {fit:,} change fit grade and {engagement:,} engagement grade; "
            f"{self.enter_golden:,} enter golden and {self.leave_golden:,} leave it "
            f"({self.golden_before:,} before, {self.golden_after:,} after)."
        )

    def to_json(self) -> dict[str, Any]:
        """Give the changes as plain JSON values."""
        return {
            "from": self.old,
            "to": self.new,
            "leads": self.leads,
            "fit": {"grades": list(FIT_GRADES), "matrix": self.fit, "changed": changed(self.fit)},
            "engagement": {
                "grades": list(ENGAGEMENT_GRADES),
                "matrix": self.engagement,
                "changed": changed(self.engagement),
            },
            "segment": {"grades": [each.value for each in SEGMENTS], "matrix": self.segment},
            "golden": {
                "before": self.golden_before,
                "after": self.golden_after,
                "enter": self.enter_golden,
                "leave": self.leave_golden,
            },
        }


def changed(matrix: Matrix) -> int:
    """Give how many leads are off the diagonal.

    >>> changed(((5, 1), (2, 4)))
    3
    """
    return sum(count for row, counts in enumerate(matrix) for column, count in enumerate(counts) if row != column)


def grade_changes(old: ScoringModel, new: ScoringModel, tables: Tables) -> GradeChanges:
    """Score the newest leads by both models, each as of its hand-over.

    The data must have every attribute that either reads.
    """
    leads = tables.leads.sort("arrival").tail(NEWEST_LEADS)
    before, after = (_ranks(model, leads, tables.events) for model in (old, new))
    matrices = [_matrix(*pair, len(FIT_GRADES)) for pair in zip(before, after, strict=True)]
    return GradeChanges(old.version, new.version, leads.height, *matrices)


def _ranks(model: ScoringModel, leads: pl.DataFrame, events: pl.DataFrame) -> tuple[NDArray[np.intp], ...]:
    scored = model.score_table(feature_table(leads, events, model.catalog))
    return scored.fit_rank, scored.engagement_rank, scored.segment_rank


def _matrix(before: NDArray[np.intp], after: NDArray[np.intp], grades: int) -> Matrix:
    counts = np.bincount(grades * before + after, minlength=grades * grades).reshape(grades, grades)
    return tuple(map(tuple, counts.tolist()))
