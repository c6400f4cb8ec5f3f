"""Weighs the linear part and the trees on the log-odds, from how they did on data later than what they were fitted on.

The weights are the calibration too: linear in the log-odds, and measured out of time, never on the fit's own leads.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from serving.model.scoring import Blend
from training.metrics import Floats

EQUAL = 0.5
PULL = 0.1  # towards equal weights, in log loss per squared weight: four folds cannot settle fine differences
MOST_SHIFT = 2.0  # of a Newton step for a level, in log-odds
STEPS = 100


@dataclass(frozen=True)
class FoldMargins:
    """The log-odds of both parts on the newer leads of one fold, [n], and what became of those leads, [n]."""

    linear: Floats
    trees: Floats
    y: Floats


def fit_blend(folds: Sequence[FoldMargins]) -> Blend:
    """Fit the weights of the parts, none below 0, with a level free for each fold.

    The levels say by how much the base rate moved after each fit. The shipped level is their mean: what moved four
    times is likely to move again. Equal weights and no shift without any fold.

    >>> fit_blend([])
    Blend(intercept=0.0, linear_weight=0.5, trees_weight=0.5)
    """
    if not folds:
        return Blend(0.0, EQUAL, EQUAL)
    start = np.array([EQUAL, EQUAL] + [0.0] * len(folds))
    bounds = [(0.0, None)] * 2 + [(None, None)] * len(folds)
    found = minimize(_loss, start, args=(folds,), jac=True, method="L-BFGS-B", bounds=bounds).x
    return Blend(float(found[2:].mean()), float(found[0]), float(found[1]))


def loss_at_best_level(y: Floats, margin: Floats) -> float:
    """Give the log loss of log-odds [n] once shifted by the constant that suits them best: their shape alone."""
    return log_loss(y, margin + best_level(y, margin))


def best_level(y: Floats, margin: Floats) -> float:
    """Give the constant to add to log-odds [n] for the least log loss; `y` [n] must hold both outcomes."""
    level = 0.0
    for _ in range(STEPS):
        p = expit(margin + level)
        step = float((y - p).sum() / max((p * (1 - p)).sum(), 1e-12))
        level += min(max(step, -MOST_SHIFT), MOST_SHIFT)
        if abs(step) < 1e-9:
            break
    return level


def log_loss(y: Floats, margin: Floats) -> float:
    """Give the log loss of log-odds [n].

    >>> round(log_loss(np.array([1.0, 0.0]), np.array([0.0, 0.0])), 4)
    0.6931
    """
    return float(np.mean(np.logaddexp(0.0, margin) - y * margin))


def _loss(parameters: Floats, folds: Sequence[FoldMargins]) -> tuple[float, NDArray[np.float64]]:
    weights, levels = parameters[:2], parameters[2:]
    gradient = np.zeros_like(parameters)
    total, leads = 0.0, sum(len(fold.y) for fold in folds)
    for at, (fold, level) in enumerate(zip(folds, levels, strict=True)):
        margin = weights[0] * fold.linear + weights[1] * fold.trees + level
        total += float(np.sum(np.logaddexp(0.0, margin) - fold.y * margin))
        wrong = expit(margin) - fold.y
        gradient[:2] += wrong @ fold.linear, wrong @ fold.trees
        gradient[2 + at] = wrong.sum()
    off = weights - EQUAL
    gradient /= leads
    gradient[:2] += 2 * PULL * off
    return total / leads + PULL * float(off @ off), gradient
