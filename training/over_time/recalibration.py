"""Shifts and scales log-odds by what became of the newest leads, against what was predicted for them in advance.

Base rates move, and ranking survives it where calibration does not. The newest outcomes tell by how much, but few of
them tell little: both the shift and the scale are shrunk towards no change, and older leads count for less.
"""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import expit

from training.measuring.metrics import Floats

HALF_LIFE = 300  # leads after which a lead counts half; where nothing moves it costs 0.0006 in log loss, at most
SHIFT_SPREAD = 1.0  # in log-odds: before any evidence, a shift within this range is taken as likely
SCALE_SPREAD = 0.2  # the scale moves less in truth, and needs more evidence
LEAST_SCALE = 0.05  # the order of the leads is never turned
STEPS = 50
MOST_STEP = 1.0  # of Newton's method, in log-odds


@dataclass(frozen=True)
class Recalibration:
    """`log-odds = centre + shift + scale * (log-odds as predicted - centre)`; `leads` and `sqls` are the evidence."""

    centre: float
    shift: float
    scale: float
    leads: int
    sqls: int

    @property
    def intercept(self) -> float:
        """Give the log-odds to add after scaling: `log-odds = intercept + scale * log-odds as predicted`."""
        return self.centre + self.shift - self.scale * self.centre

    def apply(self, log_odds: Floats) -> Floats:
        """Give recalibrated log-odds [n].

        >>> Recalibration(-1.0, 0.5, 0.9, leads=400, sqls=80).apply(np.array([-1.0, 0.0])).round(2).tolist()
        [-0.5, 0.4]
        """
        return self.intercept + self.scale * log_odds

    def to_json(self) -> dict[str, Any]:
        """Give the recalibration as plain JSON values."""
        return asdict(self)


NO_CHANGE = Recalibration(centre=0.0, shift=0.0, scale=1.0, leads=0, sqls=0)


def fit_recalibration(log_odds: Floats, y: Floats) -> Recalibration:
    """Fit on leads in order of arrival, oldest first: `log_odds` [n] as predicted in advance, `y` [n] of 1 and 0.

    Gives the most likely shift and scale (maximum a posteriori, normal priors around no change), each lead weighed by
    its age in leads. No change without leads.
    """
    if not len(y):
        return NO_CHANGE
    weights = 0.5 ** (np.arange(len(y))[::-1] / HALF_LIFE)
    centre = float(np.average(log_odds, weights=weights))
    away, no_change = log_odds - centre, np.array([0.0, 1.0])
    certainty = np.array([SHIFT_SPREAD, SCALE_SPREAD]) ** -2.0
    found = no_change
    for _ in range(STEPS):
        p = expit(centre + found[0] + found[1] * away)
        wrong, sure = weights * (y - p), weights * p * (1 - p)
        slope = np.array([wrong.sum(), wrong @ away]) - certainty * (found - no_change)
        mixed = sure @ away
        curve = np.array([[sure.sum(), mixed], [mixed, sure @ away**2]]) + np.diag(certainty)
        step = np.clip(np.linalg.solve(curve, slope), -MOST_STEP, MOST_STEP)
        found = np.array([found[0] + step[0], max(found[1] + step[1], LEAST_SCALE)])
        if np.abs(step).max() < 1e-9:
            break
    return Recalibration(centre, float(found[0]), float(found[1]), len(y), int(y.sum()))
