"""Values, or the mere fact that a cell is filled or empty, that only one outcome has."""

from dataclasses import dataclass
from itertools import pairwise
from math import log

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.metrics import Floats

LEAST_LEADS = 20
SURPRISE = 1e-9  # how likely it may be, at most, that so many leads share one outcome by chance
BLOCKS = 20  # of time, each with its own base rate


@dataclass(frozen=True)
class OneSided:
    """A group of leads with one outcome: how many, whether they are all SQLs, and their share of that outcome."""

    leads: int
    won: bool
    share: float


def one_sided(chosen: pl.Series, y: Floats) -> OneSided | None:
    """Give what the leads `chosen` (Boolean, oldest first) share, where it is one outcome past chance; else None."""
    picked = chosen.to_numpy()
    leads, positives = int(picked.sum()), int(y[picked].sum())
    won = positives == leads
    if leads < LEAST_LEADS or (positives and not won):
        return None
    if _log_chance(picked, y if won else 1 - y) > log(SURPRISE):
        return None
    return OneSided(leads, won, leads / float((y == won).sum()))


def _log_chance(picked: NDArray[np.bool_], same: Floats) -> float:
    """Give the log of the chance that all `picked` leads have the outcome that `same` marks with 1.

    At the rates of the other leads of the same time: what came in poor months alone is not surprising.
    """
    edges = np.linspace(0, len(same), min(BLOCKS, len(same)) + 1).round().astype(int)
    found = 0.0
    for part in (slice(start, end) for start, end in pairwise(edges)):
        others = same[part][~picked[part]]
        if len(others):
            found += float(picked[part].sum()) * log((others.sum() + 0.5) / (len(others) + 1))
    return found
