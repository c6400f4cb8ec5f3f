"""A score of the ledger, taken apart: every reason of each side, so that what is shown adds up."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from features.attributes import Side
from features.store.ledger import StoredScore
from serving.live.explained_again import with_reasons
from serving.live.live_model import LiveModel
from serving.model.points import POINTS_PER_LOG_ODDS, probability_at
from serving.reports.lead.adding_up import adding_up

Reason = Mapping[str, Any]  # as the service answers it


@dataclass(frozen=True)
class Bar:
    """What one reason adds. `points`: rounded, so that bars and rest of a side add up; `before`: the side's up to it.

    `reason` is None for what the reasons that are known leave over.
    """

    reason: Reason | None
    points: float
    before: float

    @property
    def after(self) -> float:
        """Give the side's points with it."""
        return round(self.before + self.points, 1)


@dataclass(frozen=True)
class SideShown:
    """One side of a score: its bars, the strongest first, add up to `points`."""

    side: Side
    grade: str
    points: float
    bars: Sequence[Bar]


@dataclass(frozen=True)
class ScoreShown:
    """A score and why. `odds`: how many times those of the average lead that the model learned from.

    average: that lead's probability. has_learned: whether the model learned from outcomes at all. Both are None where
    the model that gave the score is no longer at hand; then only the strongest reasons are known.
    """

    score: StoredScore
    fit: SideShown
    engagement: SideShown
    odds: float
    average: float | None
    has_learned: bool | None

    @property
    def points(self) -> float:
        """Give the points of both sides as they are shown."""
        return round(self.fit.points + self.engagement.points, 1)

    def to_json(self) -> dict[str, Any]:
        """Give all reasons as plain JSON values, not rounded."""
        sides = (self.fit, self.engagement)
        return {
            "odds_against_average": self.odds,
            "average": self.average,
            "reasons": [bar.reason for side in sides for bar in side.bars if bar.reason is not None],
        }


def shown_score(stored: StoredScore, live: LiveModel | None) -> ScoreShown:
    """Take a score apart by the model that gave it; `live` is None where that is no longer at hand."""
    every = 0 if live is None else len(live.model.catalog.features)
    reasons = with_reasons(stored, live, every).reasons
    return ScoreShown(
        score=stored,
        fit=_side(Side.FIT, stored.fit_grade, stored.fit_points, reasons),
        engagement=_side(Side.ENGAGEMENT, stored.engagement_grade, stored.engagement_points, reasons),
        odds=math.exp(stored.points / POINTS_PER_LOG_ODDS),
        average=None if live is None else probability_at(live.model.base),
        has_learned=None if live is None else live.model.info.has_learned,
    )


def _side(side: Side, grade: str, points: float, reasons: Sequence[Reason]) -> SideShown:
    own: list[Reason | None] = [reason for reason in reasons if reason["side"] == side.value]
    exact = [reason["points"] for reason in own if reason is not None]
    left = points - sum(exact)
    if abs(left) > 1e-6:  # the model is not at hand, and tells no more reasons
        own.append(None)
        exact.append(left)
    bars, before = list[Bar](), 0.0
    for reason, rounded in zip(own, adding_up(exact), strict=True):
        bars.append(Bar(reason, rounded, before))
        before = bars[-1].after
    return SideShown(side, grade, before, bars)
