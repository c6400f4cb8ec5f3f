"""Fits the linear part: a logistic regression, ridge penalised, with numbers read through their quantiles."""

from collections.abc import Sequence

import numpy as np

from serving.model.encoding import Encoder, Role
from serving.model.linear import Knots, LinearPart
from training.fitting.newton import Weights, fit_logistic
from training.measuring.metrics import Floats

KNOTS = 100  # at most, of one number


def fit_linear(encoder: Encoder, matrix: Floats, y: Floats, strength: float) -> LinearPart:
    """Fit on the columns [n, c] of n training leads; `strength` is scikit-learn's C, a larger one penalises less."""
    unfitted = _unfitted(encoder, matrix)
    weights = fit_logistic(unfitted.inputs(matrix), y, strength)
    return LinearPart(weights.intercept, weights.columns, unfitted.knots)


def linear_margins(
    encoder: Encoder, matrix: Floats, y: Floats, newer: Floats, strengths: Sequence[float]
) -> dict[float, Floats]:
    """Fit on `matrix` with each strength and give, by strength, the log-odds on the columns `newer`.

    The strengths share what numbers are read through, and each fit begins where the one before it ended.
    """
    unfitted = _unfitted(encoder, matrix)
    older, newer = unfitted.inputs(matrix), unfitted.inputs(newer)
    weights = Weights.at_rate(y, matrix.shape[1])
    margins = {}
    for strength in strengths:
        weights = fit_logistic(older, y, strength, weights)
        margins[strength] = weights.margin(newer)
    return margins


def _unfitted(encoder: Encoder, matrix: Floats) -> LinearPart:
    """Give the part that reads every number through its ranks, and weighs nothing yet."""
    numbers = (at for at, column in enumerate(encoder.columns) if column.role is Role.NUMBER)
    return LinearPart(0.0, np.zeros(matrix.shape[1]), {at: quantile_knots(matrix[:, at]) for at in numbers})


def quantile_knots(values: Floats) -> Knots:
    """Map a number, NaN aside, to its rank among the leads, ties at their mean, scaled to mean 0 and deviation 1.

    >>> quantile_knots(np.array([1.0, 1.0, 50.0, np.nan])).ys.round(2).tolist()
    [-0.71, 1.41]
    """
    ordered = np.sort(values[~np.isnan(values)])
    xs, first, counts = np.unique(ordered, return_index=True, return_counts=True)
    ranks = (first + counts / 2) / max(len(ordered), 1)
    if len(xs) > KNOTS:
        at = np.unique(np.searchsorted(xs, ordered[np.linspace(0, len(ordered) - 1, KNOTS).round().astype(int)]))
        xs, ranks = xs[at], ranks[at]
    if not len(xs):
        return Knots(np.zeros(1), np.zeros(1))
    mapped = np.interp(ordered, xs, ranks)
    return Knots(xs, (ranks - mapped.mean()) / (mapped.std() or 1.0))
