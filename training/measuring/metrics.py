"""How good probabilities are: whether they rank (ROC AUC ...) and whether they are right (log loss ...).

Every metric is worked out for many weightings of the same leads at once, which is what makes the bootstrap cheap.
Leads of equal probability count as if in every order at once, so the order of rows never matters.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

CLIP = 1e-15  # log loss of a certain and wrong prediction stays finite, as in scikit-learn
BINS = 10
METRICS = (
    "roc_auc",
    "average_precision",
    "log_loss",
    "brier",
    "expected_calibration_error",
    "lift_top_tenth",
    "sqls_in_top_30_percent",
)


@dataclass(frozen=True)
class Curves:
    """Running sums from the highest probability down, [weightings, tie groups + 1], beginning with 0."""

    leads: Floats
    positives: Floats
    predicted: Floats


class Ranked:
    """The leads of one evaluation, from the highest probability to the lowest.

    `y` is float64 [n] of 1 and 0, `p` float64 [n] of probabilities.
    """

    def __init__(self, y: Floats, p: Floats) -> None:
        self.order = np.argsort(-p, kind="stable")
        self.y, self.p = y[self.order], p[self.order]
        self._ends = np.append(np.flatnonzero(np.diff(self.p)), len(p) - 1)

    def curves(self, weights: Floats) -> Curves:
        """Give the running sums under `weights` [weightings, n], which are in this ranking's order."""
        return Curves(*(self._running(weights * of) for of in (1.0, self.y, self.p)))

    def _running(self, values: Floats) -> Floats:
        ended = np.cumsum(values, axis=1)[:, self._ends]
        return np.concatenate([np.zeros((len(values), 1)), ended], axis=1)


def measure(ranked: Ranked, weights: Floats | None = None) -> dict[str, Floats]:
    """Give every metric, [weightings]; NaN where it is not defined because one outcome is missing.

    `weights` [weightings, n] are in the order of the leads given to `Ranked`; None weighs all leads once.

    >>> found = measure(Ranked(np.array([0.0, 1.0, 1.0]), np.array([0.1, 0.6, 0.1])))
    >>> found["roc_auc"].tolist(), found["brier"].round(2).tolist()
    ([0.75], [0.33])
    """
    w = np.ones((1, len(ranked.y))) if weights is None else weights[:, ranked.order]
    curves = ranked.curves(w)
    total = w.sum(axis=1)
    with np.errstate(invalid="ignore", divide="ignore"):
        return {
            "roc_auc": roc_auc(curves),
            "average_precision": _average_precision(curves),
            "log_loss": w @ _log_losses(ranked) / total,
            "brier": w @ (ranked.p - ranked.y) ** 2 / total,
            "expected_calibration_error": _expected_calibration_error(curves),
            "lift_top_tenth": _captured(curves, 0.1) / 0.1,
            "sqls_in_top_30_percent": _captured(curves, 0.3),
        }


def bins(curves: Curves, edges: Floats) -> tuple[Floats, Floats, Floats]:
    """Give leads, positives and summed probability between `edges`, shares of the leads, [weightings, bins]."""
    at = np.outer(curves.leads[:, -1], edges)
    between = [_read(curves, curve, at) for curve in (curves.leads, curves.positives, curves.predicted)]
    leads, positives, predicted = (np.diff(each, axis=1) for each in between)
    return leads, positives, predicted


def roc_auc(curves: Curves) -> Floats:
    """Give the chance that a lead of the one outcome ranks above one of the other, ties counting half, [weightings]."""
    negatives = curves.leads - curves.positives
    higher = (curves.positives[:, 1:] + curves.positives[:, :-1]) / 2
    wins = (np.diff(negatives, axis=1) * higher).sum(axis=1)
    found: Floats = wins / (negatives[:, -1] * curves.positives[:, -1])
    return found


def _average_precision(curves: Curves) -> Floats:
    precision = curves.positives[:, 1:] / np.maximum(curves.leads[:, 1:], CLIP)
    gained = np.diff(curves.positives, axis=1)
    found: Floats = (gained * precision).sum(axis=1) / curves.positives[:, -1]
    return found


def _log_losses(ranked: Ranked) -> Floats:
    p = np.clip(ranked.p, CLIP, 1 - CLIP)
    found: Floats = -np.where(ranked.y == 1, np.log(p), np.log1p(-p))
    return found


def _expected_calibration_error(curves: Curves) -> Floats:
    _, positives, predicted = bins(curves, np.linspace(0, 1, BINS + 1))
    found: Floats = np.abs(predicted - positives).sum(axis=1) / curves.leads[:, -1]
    return found


def _captured(curves: Curves, share: float) -> Floats:
    """Give the share of all positives that the highest `share` of the leads holds."""
    at = share * curves.leads[:, -1:]
    found: Floats = _read(curves, curves.positives, at)[:, 0] / curves.positives[:, -1]
    return found


def _read(curves: Curves, curve: Floats, at: Floats) -> Floats:
    """Read a running sum where so many leads are passed; within a tie group it grows evenly."""
    return np.array([np.interp(*each) for each in zip(at, curves.leads, curve, strict=True)])
