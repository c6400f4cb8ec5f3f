"""How well one column alone tells SQLs from other leads that came at about the same time.

Each lead is given the SQL rate of the other leads with its value, counted on other folds, and the AUC of those rates
is taken inside blocks of time and averaged. Inside blocks, because a column that only follows the calendar (an
interest rate, a campaign's number) looks strong wherever the base rate moves, and knows no lead's outcome.
"""

from math import sqrt

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.measuring.metrics import Floats

FOLDS = 5
RANGES = 50  # of a number; each then has enough leads for a rate
PRIOR_LEADS = 10.0  # of the overall rate are mixed into each value's own
MOST_BLOCKS = 20
OUTCOMES_IN_BLOCK = 25  # of the rarer kind: fewer make the AUC of a block a matter of luck
TEXT_KINDS = (pl.String, pl.Categorical)


def column_auc(values: pl.Series, y: Floats) -> float:
    """Give the AUC, .5 for chance, of a column's values, oldest lead first; `y` is float64[n] of 1 and 0."""
    return codes_auc(value_codes(values), y)


def codes_auc(codes: NDArray[np.intp], y: Floats) -> float:
    """Give the AUC as `column_auc` does, of values that are numbered from 0 up, int[n]."""
    rarer = min(y.sum(), len(y) - y.sum())
    blocks = int(np.clip(rarer // OUTCOMES_IN_BLOCK, 1, MOST_BLOCKS))
    places = np.arange(len(y))
    # Leads of one fold alone are compared: across folds, a lead that won lowers its own rate against the others'.
    parts = places * blocks // len(y) * FOLDS + places % FOLDS
    wins, pairs = _wins(parts, rates_of_others(codes, y), y)
    return wins / pairs if pairs else 0.5


def chance_deviation(y: Floats) -> float:
    """Give the standard deviation of the AUC of a column that says nothing (Mann and Whitney 1947).

    >>> round(chance_deviation(np.array([1.0] * 20 + [0.0] * 80)), 3)
    0.073
    """
    positives = y.sum()
    return sqrt((len(y) + 1) / (12 * positives * (len(y) - positives)))


def value_codes(values: pl.Series) -> NDArray[np.intp]:
    """Give each lead its value as a number from 0 up, int[n]: a level, a range of numbers, or missing."""
    if values.dtype in TEXT_KINDS:
        return np.asarray(values.rank("dense").fill_null(0).to_numpy(), dtype=np.intp)
    numbers = values.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    known = numbers[~np.isnan(numbers)]
    edges = np.unique(np.quantile(known, np.arange(1, RANGES) / RANGES)) if len(known) else known
    return np.where(np.isnan(numbers), len(edges) + 1, np.searchsorted(edges, numbers, side="left"))


def rates_of_others(codes: NDArray[np.intp], y: Floats) -> Floats:
    """Give each lead the rate of the leads with its code in the other folds, shrunk to the overall rate, float64[n]."""
    fold, size, overall = np.arange(len(y)) % FOLDS, int(codes.max()) + 1, float(y.mean())
    own = fold * size + codes
    leads = np.bincount(own, minlength=FOLDS * size).reshape(FOLDS, size)
    positives = np.bincount(own, weights=y, minlength=FOLDS * size).reshape(FOLDS, size)
    others, won = leads.sum(axis=0) - leads, positives.sum(axis=0) - positives
    rates: Floats = ((won + PRIOR_LEADS * overall) / (others + PRIOR_LEADS))[fold, codes]
    return rates


def _wins(parts: NDArray[np.intp], rates: Floats, y: Floats) -> tuple[float, float]:
    """Give how many pairs, within a part, of a lead that won and one that did not the rates rank right, and all pairs.

    A tie counts half (Mann and Whitney 1947): a winner's wins are the losers of its part ranked below it.
    """
    order = np.lexsort((rates, parts))
    parts, rates, y = parts[order], rates[order], y[order]
    tie = np.cumsum(np.append(False, (np.diff(parts) != 0) | (np.diff(rates) != 0)))
    lost = np.bincount(tie, weights=1 - y)
    below = np.cumsum(lost) - lost / 2
    lost_of_part, won_of_part = np.bincount(parts, weights=1 - y), np.bincount(parts, weights=y)
    before = np.cumsum(lost_of_part) - lost_of_part
    wins = ((below[tie] - before[parts]) * y).sum()
    return float(wins), float((lost_of_part * won_of_part).sum())
