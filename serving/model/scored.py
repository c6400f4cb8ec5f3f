"""What a score is made of: for one lead as it leaves the service, and for a table of leads."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.attributes import Side
from features.catalog import Catalog
from serving.model.grades import ENGAGEMENT_GRADES, FIT_GRADES, SEGMENTS, Segment
from serving.model.points import signed
from serving.model.reason_texts import reason_texts, strongest_by_row


class Evidence(NamedTuple):  # like a reason, made several times a request, and faster than a frozen dataclass
    """Training leads whose value was in the same range, and the share of them that became SQLs (0 to 1)."""

    range: str
    leads: int
    conversion_rate: float


class Reason(NamedTuple):
    """What one feature adds to the points. `label` reads as a phrase: "3 downloads in the last 30 days"."""

    feature: str
    label: str
    value: float | str | None
    side: Side
    points: float
    evidence: Evidence | None

    def sentence(self) -> str:
        """Give the reason as a salesperson reads it: "3 downloads in the last 30 days: +14"."""
        return f"{self.label}: {signed(self.points)}"


@dataclass(frozen=True)
class SideScore:
    """Points and grade of one side."""

    points: float
    grade: str


@dataclass(frozen=True)
class LeadScore:
    """One lead's score. `fit.points + engagement.points == points`; all reasons of a side add up to that side."""

    probability: float
    score: int
    points: float
    fit: SideScore
    engagement: SideScore
    segment: Segment
    reasons: tuple[Reason, ...]
    warnings: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the score as plain JSON values, as POST /v1/score answers it."""
        return {
            "probability": self.probability,
            "score": self.score,
            "points": self.points,
            "fit": {"points": self.fit.points, "grade": self.fit.grade},
            "engagement": {"points": self.engagement.points, "grade": self.engagement.grade},
            "segment": self.segment.value,
            "reasons": [_reason_json(reason) for reason in self.reasons],
            "warnings": list(self.warnings),
        }


def _reason_json(reason: Reason) -> dict[str, Any]:
    evidence = reason.evidence
    return {
        "feature": reason.feature,
        "label": reason.label,
        "value": reason.value,
        "side": reason.side.value,
        "points": reason.points,
        "evidence": evidence
        and {"range": evidence.range, "leads": evidence.leads, "conversion_rate": evidence.conversion_rate},
    }


@dataclass(frozen=True)
class ScoredTable:
    """Scores of n leads. `feature_points` is float64[n, features]; its sums by side are the sides' points."""

    catalog: Catalog
    features: pl.DataFrame
    probability: NDArray[np.float64]
    fit_points: NDArray[np.float64]
    engagement_points: NDArray[np.float64]
    fit_rank: NDArray[np.intp]
    engagement_rank: NDArray[np.intp]
    segment_rank: NDArray[np.intp]
    feature_points: NDArray[np.float64]

    def frame(self, lead_ids: Sequence[str] | pl.Series, reasons: int, model_version: str) -> pl.DataFrame:
        """Give the scores as a table for people and files, a row per lead in the given order.

        Columns: lead_id, probability, score, points, fit_points, fit_grade, engagement_points, engagement_grade,
        segment, reasons (phrases with signed points, strongest first, between semicolons), model_version.
        """
        return pl.DataFrame(
            {
                "lead_id": pl.Series(lead_ids, dtype=pl.String),
                "probability": self.probability,
                "score": np.rint(100 * self.probability).astype(np.int64),
                "points": self.fit_points + self.engagement_points,
                "fit_points": self.fit_points,
                "fit_grade": np.array(FIT_GRADES)[self.fit_rank],
                "engagement_points": self.engagement_points,
                "engagement_grade": np.array(ENGAGEMENT_GRADES)[self.engagement_rank],
                "segment": np.array([segment.value for segment in SEGMENTS])[self.segment_rank],
                "reasons": reason_texts(
                    self.catalog.features,
                    self.features,
                    self.feature_points,
                    strongest_by_row(self.feature_points, reasons),
                ),
            }
        ).with_columns(pl.lit(model_version).alias("model_version"))


def strongest_features(feature_points: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Give the indices of the `count` features with the most absolute points, strongest first, int[n, count].

    >>> strongest_features(np.array([[1.0, -3.0, 2.0]]), 2).tolist()
    [[1, 2]]
    """
    return np.argsort(-np.abs(feature_points), axis=-1, kind="stable")[..., :count]
