"""Whether the newest outcomes came as often as in training, and as often as the model foretold."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Any

import numpy as np

from features.wilson import wilson
from serving.model.points import POINTS_PER_LOG_ODDS
from training.drifting.shift import Share, Shift, grade
from training.drifting.stability import chance_of_outcomes, chance_of_rates, likely_outcomes
from training.measuring.evaluation import Tenth, tenths
from training.measuring.metrics import Floats, Ranked

BASE_RATE_POINTS = (10.0, 20.0)  # 20 points double the odds; alone it may be foreseen, so it has to be large
CALIBRATION_POINTS = (5.0, 10.0)  # odds off by a fifth, and by four tenths: grades of whole lists change


@dataclass(frozen=True)
class Matured:
    """Newest leads whose outcome is known: how many came true beside what was foretold.

    expected_low to expected_high is where 95 of 100 such counts of SQLs would lie were the probabilities right.
    """

    leads: int
    sqls: int
    expected: float
    expected_low: float
    expected_high: float
    tenths: tuple[Tenth, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the outcomes as plain JSON values."""
        return {
            "leads": self.leads,
            "sqls": self.sqls,
            "expected": self.expected,
            "expected_interval": [self.expected_low, self.expected_high],
            "tenths": [vars(tenth) for tenth in self.tenths],
        }


def matured_outcomes(probabilities: Floats, y: Floats) -> Matured | None:
    """Count leads with a known outcome; `y` float64[n] is NaN where it is not known. None where it is nowhere."""
    known = ~np.isnan(y)
    p, came = probabilities[known], y[known]
    if not len(p):
        return None
    low, high = likely_outcomes(p)
    return Matured(len(p), int(came.sum()), float(p.sum()), low, high, tenths(Ranked(came, p)))


def outcome_shifts(probabilities: Floats, y: Floats, learned: tuple[int, int]) -> Iterator[Shift]:
    """Compare the known outcomes with those learned from (SQLs, leads) and with the probabilities; none without any.

    Both differences are in points of log-odds, as scores are; severity is by size alone, warning and error from
    10 and 20 points for the base rate, 5 and 10 for the calibration.
    """
    matured = matured_outcomes(probabilities, y)
    if matured is not None:
        yield _base_rate(matured, learned)
        yield _calibration(matured, probabilities[~np.isnan(y)])


def _base_rate(matured: Matured, learned: tuple[int, int]) -> Shift:
    sqls, leads = learned
    before, now = sqls / max(1, leads), matured.sqls / matured.leads
    low, high = wilson(matured.sqls, matured.leads)
    points = abs(_points(matured.sqls, matured.leads) - _points(sqls, leads))
    return Shift(
        kind="base_rate",
        feature=None,
        title="share of leads that become SQLs",
        measure=points,
        learned=before,
        newest=now,
        p_value=chance_of_rates(learned, (matured.sqls, matured.leads)),
        severity=grade(points, *BASE_RATE_POINTS),
        detail=f"base rate: {now:.1%} of {matured.leads:,} newer leads became SQLs ({low:.1%} to {high:.1%}) against "
        f"{before:.1%} of those learned from",
        shares=(Share("became an SQL", before, now),),
    )


def _calibration(matured: Matured, probabilities: Floats) -> Shift:
    leads = matured.leads
    points = abs(_points(matured.sqls, leads) - _points(matured.expected, leads))
    return Shift(
        kind="calibration",
        feature=None,
        title="SQLs against those foretold",
        measure=points,
        learned=matured.expected / leads,
        newest=matured.sqls / leads,
        p_value=chance_of_outcomes(probabilities, matured.sqls),
        severity=grade(points, *CALIBRATION_POINTS),
        detail=f"calibration: {matured.sqls:,} of {leads:,} newer leads became SQLs; foretold were "
        f"{matured.expected:,.0f} ({matured.expected_low:,.0f} to {matured.expected_high:,.0f})",
        shares=(Share("became an SQL", matured.expected / leads, matured.sqls / leads),),
    )


def _points(sqls: float, leads: int) -> float:
    """Give a rate on the points scale; half a lead on either side keeps rates of 0 and 1 finite."""
    return POINTS_PER_LOG_ODDS * log((sqls + 0.5) / (leads - sqls + 0.5))
