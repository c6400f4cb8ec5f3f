"""Walking forward inside the training period: fit on what was known, test on what came next, four times."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from training.measuring.metrics import Floats

EDGES = (0.4, 0.55, 0.7, 0.85, 1.0)  # shares of the training leads at which a fold's newer part begins and ends
FEWEST_OF_EACH = 5  # outcomes of each kind that both parts of a fold must have
MOST_LEADS = 200_000  # to choose by; more would cost time and change no choice


@dataclass(frozen=True)
class Fold:
    """Fit on the oldest `start` leads, test on those from `start` up to `end`."""

    start: int
    end: int


def folds(y: Floats) -> tuple[Fold, ...]:
    """Give up to four folds of leads ordered oldest first; those with too few outcomes of a kind are left out."""
    edges = [round(len(y) * share) for share in EDGES]
    pairs = (Fold(start, end) for start, end in pairwise(edges))
    return tuple(fold for fold in pairs if all(_has_both(part) for part in _parts(y, fold)))


def thinned(leads: int, most: int = MOST_LEADS) -> NDArray[np.intp]:
    """Give the rows to choose by, in order: all, or the newest half of `most` and as many spread over the older.

    >>> thinned(10, 4).tolist()
    [0, 7, 8, 9]
    """
    if leads <= most:
        return np.arange(leads)
    newest = most // 2
    older = np.linspace(0, leads - newest - 1, most - newest).astype(np.intp)
    return np.concatenate([older, np.arange(leads - newest, leads)])


def _parts(y: Floats, fold: Fold) -> Iterator[Floats]:
    yield y[: fold.start]
    yield y[fold.start : fold.end]


def _has_both(y: Floats) -> bool:
    positives = int(y.sum())
    return min(positives, len(y) - positives) >= FEWEST_OF_EACH
