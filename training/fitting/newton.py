"""Fits a ridge penalised logistic regression by Newton's method, a block of rows at a time.

scikit-learn's solver by this method comes to the same optimum. It copies all rows several times at every step, though;
here the working memory is one block, a step multiplies half as much, and a fit may begin where another ended.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_factor, cho_solve
from scipy.special import expit

from training.measuring.metrics import Floats

BLOCK_ROWS = 2_048  # of some hundred columns stay in a core's cache
MOST_STEPS = 100  # about five are taken
MOST_HALVINGS = 30
ENOUGH = 1e-12  # of log loss that a further step would gain

Factor = tuple[NDArray[np.float64], bool]


@dataclass(frozen=True)
class Weights:
    """What is added for each of the columns, float64[c], and the intercept."""

    columns: Floats
    intercept: float

    @classmethod
    def at_rate(cls, y: Floats, columns: int) -> "Weights":
        """Give the weights that say the same rate of every lead; `y` [n] must hold both outcomes."""
        return cls(np.zeros(columns), float(np.log(y.mean() / (1 - y.mean()))))

    def margin(self, inputs: Floats) -> Floats:
        """Give the log-odds [n] of columns [n, c]."""
        return np.asarray(inputs @ self.columns + self.intercept)

    def minus(self, step: Floats) -> "Weights":
        """Give the weights less a step [c + 1], the intercept's the last of it."""
        return Weights(self.columns - step[:-1], self.intercept - float(step[-1]))


@dataclass(frozen=True)
class _Point:
    """Where a fit has come to: the log-odds [n] there, and the loss summed over the leads, its penalty included."""

    weights: Weights
    margin: Floats
    loss: float


@dataclass(frozen=True)
class _Problem:
    inputs: Floats
    y: Floats
    strength: float

    def at(self, weights: Weights) -> _Point:
        margin = weights.margin(self.inputs)
        penalty = float(weights.columns @ weights.columns) / (2 * self.strength)
        return _Point(weights, margin, float(np.sum(np.logaddexp(0.0, margin) - self.y * margin)) + penalty)

    def gradient(self, point: _Point) -> Floats:
        wrong = expit(point.margin) - self.y
        of_columns = wrong @ self.inputs + point.weights.columns / self.strength
        return np.append(of_columns, wrong.sum())

    def curvature(self, point: _Point) -> Factor:
        """Give the Cholesky factor of the second derivatives [c + 1, c + 1], the intercept last."""
        columns, p = self.inputs.shape[1], expit(point.margin)
        roots = np.sqrt(p * (1 - p))
        found = np.diag(np.append(np.full(columns, 1 / self.strength), 0.0))
        block = np.empty((BLOCK_ROWS, columns + 1), order="F")
        for first in range(0, len(roots), BLOCK_ROWS):
            rows = slice(first, first + BLOCK_ROWS)
            root = roots[rows]
            part = block[: len(root)]
            np.multiply(self.inputs[rows], root[:, None], out=part[:, :-1])
            part[:, -1] = root
            found += part.T @ part
        factor: Factor = cho_factor(found, overwrite_a=True)
        return factor

    def downhill(self, point: _Point, step: Floats) -> _Point:
        """Go the step, or so small a part of it that the loss does not grow; stay where none is small enough."""
        for halvings in range(MOST_HALVINGS):
            moved = self.at(point.weights.minus(0.5**halvings * step))
            if moved.loss <= point.loss:
                return moved
        return point


def fit_logistic(inputs: Floats, y: Floats, strength: float, start: Weights | None = None) -> Weights:
    """Fit on columns [n, c] without NaN, and outcomes `y` [n] of 1 and 0, both there.

    `strength` is scikit-learn's C; the intercept is not penalised. `start` is where to begin: at the rate if left out.

    >>> fit_logistic(np.array([[0.0], [0.0], [1.0], [1.0]]), np.array([0.0, 1.0, 1.0, 1.0]), 1.0).columns.round(3)
    array([0.421])
    """
    problem = _Problem(inputs, y, strength)
    point = problem.at(start or Weights.at_rate(y, inputs.shape[1]))
    factor: Factor | None = None
    for _ in range(MOST_STEPS):
        gradient = problem.gradient(point)
        # The curvature of the step before, which cost nothing more, says nearly as well what there is still to gain.
        if factor is not None and gradient @ cho_solve(factor, gradient) / 2 <= ENOUGH * len(y):
            break
        factor = problem.curvature(point)
        moved = problem.downhill(point, cho_solve(factor, gradient))
        if moved is point:
            break
        point = moved
    return point.weights
