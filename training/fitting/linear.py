"""Fits the linear part: a logistic regression, ridge penalised, with numbers read through their quantiles."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from serving.model.encoding import Encoder, Role
from serving.model.linear import Knots, LinearPart
from training.measuring.metrics import Floats

KNOTS = 100  # at most, of one number
ITERATIONS = 100  # Newton's method needs about ten


def fit_linear(encoder: Encoder, matrix: Floats, y: Floats, strength: float) -> LinearPart:
    """Fit on the columns [n, c] of n training leads; `strength` is scikit-learn's C, a larger one penalises less."""
    return fit_weights(matrix, y, strength, fit_knots(encoder, matrix))


def fit_weights(matrix: Floats, y: Floats, strength: float, knots: dict[int, Knots]) -> LinearPart:
    """Fit the weights for knots found already, so that several strengths share them."""
    unfitted = LinearPart(0.0, np.zeros(matrix.shape[1]), knots)
    regression = LogisticRegression(C=strength, solver="newton-cholesky", max_iter=ITERATIONS)
    regression.fit(unfitted.inputs(matrix), y)
    return LinearPart(float(regression.intercept_[0]), regression.coef_[0].astype(np.float64), knots)


def fit_knots(encoder: Encoder, matrix: Floats) -> dict[int, Knots]:
    """Give the knots of every number column."""
    numbers = (at for at, column in enumerate(encoder.columns) if column.role is Role.NUMBER)
    return {at: quantile_knots(matrix[:, at]) for at in numbers}


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
