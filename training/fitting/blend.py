"""Weighs the linear part and the trees on the log-odds, from how they did on data later than what they were fitted on.

The weights are the calibration too: linear in the log-odds, and measured out of time, never on the fit's own leads.
They multiply how far a part goes from the base rate of the leads it was fitted on, so that less weight is more caution.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit

from serving.model.scoring import Blend
from training.measuring.metrics import Floats

EQUAL = 0.5
PULL = 0.1  # towards equal weights, in log loss per squared weight: four folds cannot settle fine differences
LEVEL_SPREAD = 0.5  # log-odds by which base rates are expected to move: a fold of few SQLs does not say more
DOUBT = 5  # leads of the rarer outcome at which the parts get half of their weight: what few SQLs share may be chance
FEW = 300  # outcomes of the rarer kind: with fewer, parts that lose to the base rate have learned chance
MOST_SHIFT = 2.0  # of a Newton step for a level, in log-odds
STEPS = 100


@dataclass(frozen=True)
class FoldMargins:
    """The log-odds of both parts on the newer leads of one fold, [n], and what became of those leads, [n].

    `base` is the log-odds of the rate among the older leads, those that the parts were fitted on.
    """

    linear: Floats
    trees: Floats
    y: Floats
    base: float = 0.0

    def margin(self, linear_weight: float, trees_weight: float) -> Floats:
        """Give the log-odds [n] of the parts so weighed, at the level of the older leads."""
        moved = linear_weight * (self.linear - self.base) + trees_weight * (self.trees - self.base)
        return np.asarray(self.base + moved)


def fit_blend(folds: Sequence[FoldMargins], base: float, rarer: float) -> Blend:
    """Fit the weights of the parts, none below 0, with a level for each fold.

    base: the log-odds of the rate among all training leads; rarer: how many of them had the rarer outcome.
    The levels say by how much the base rate moved after each fit. The shipped level is their mean: what moved four
    times is likely to move again. Equal weights and no shift without any fold. Where few outcomes are known, and the
    parts did no better than the base rate on the folds' newer leads, both weights are 0 and the base rate is all
    there is. Where many are, a lost fold is drift and no chance, and what was learned often holds again later.

    >>> fit_blend([], base=-1.0, rarer=5)
    Blend(intercept=-0.5, linear_weight=0.25, trees_weight=0.25)
    """
    linear, trees, level = _fit(folds) if folds else (EQUAL, EQUAL, 0.0)
    chance = rarer < FEW and gain_over_base(folds, linear, trees) < 0
    trust = 0.0 if chance else rarer / (rarer + DOUBT)
    linear, trees = trust * linear, trust * trees
    return Blend(level + (1 - linear - trees) * base, linear, trees)


def gain_over_base(folds: Sequence[FoldMargins], linear_weight: float, trees_weight: float) -> float:
    """Give how much less log loss, summed over the leads, the weighed parts have than the base rate; levels free."""
    gain = 0.0
    for fold in folds:
        constant = loss_at_best_level(fold.y, np.full(len(fold.y), fold.base))
        gain += len(fold.y) * (constant - loss_at_best_level(fold.y, fold.margin(linear_weight, trees_weight)))
    return gain


def _fit(folds: Sequence[FoldMargins]) -> tuple[float, float, float]:
    """Give both weights and the mean level."""
    start = np.array([EQUAL, EQUAL] + [0.0] * len(folds))
    bounds = [(0.0, None)] * 2 + [(None, None)] * len(folds)
    found = minimize(_loss, start, args=(folds,), jac=True, method="L-BFGS-B", bounds=bounds).x
    return float(found[0]), float(found[1]), float(found[2:].mean())


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


def log_odds(y: Floats) -> float:
    """Give the log-odds of the rate among outcomes [n] of 1 and 0, half a lead of each added so that it is finite.

    >>> log_odds(np.array([1.0, 0.0]))
    0.0
    """
    sqls = float(y.sum())
    return float(np.log((sqls + 0.5) / (len(y) - sqls + 0.5)))


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
        margin = fold.margin(weights[0], weights[1]) + level
        total += float(np.sum(np.logaddexp(0.0, margin) - fold.y * margin))
        wrong = expit(margin) - fold.y
        gradient[:2] += wrong @ (fold.linear - fold.base), wrong @ (fold.trees - fold.base)
        gradient[2 + at] = wrong.sum()
    total += float(levels @ levels) / (2 * LEVEL_SPREAD**2)
    gradient[2:] += levels / LEVEL_SPREAD**2
    off = weights - EQUAL
    gradient /= leads
    gradient[:2] += 2 * PULL * off
    return total / leads + PULL * float(off @ off), gradient
