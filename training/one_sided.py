"""Values, or the mere fact that a cell is filled or empty, that only one outcome has."""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import polars as pl

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
    rates = _rates_of_the_time(y)[picked]
    logarithm = np.log(np.clip(rates if won else 1 - rates, 1e-12, 1)).sum()
    if logarithm > np.log(SURPRISE):
        return None
    return OneSided(leads, won, leads / float((y == won).sum()))


def _rates_of_the_time(y: Floats) -> Floats:
    """Give each lead the base rate of its block of time: what came in poor months need not be a leak."""
    edges = np.linspace(0, len(y), min(BLOCKS, len(y)) + 1).round().astype(int)
    parts = [y[start:end] for start, end in pairwise(edges)]
    return np.concatenate([np.full(len(part), part.mean()) for part in parts])
