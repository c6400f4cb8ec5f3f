"""Fits several models side by side, each on one core at a time.

LightGBM and NumPy let other threads run while they compute. Each fit keeps to one thread of its own: fits that split
up further wait for each other, and took nine times as long where other processes used the same cores. There may be more
fits at once than cores: sharing them, all end at about the same time, and no core is idle while the last one runs.
"""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import numpy as np
import polars as pl
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

SLICE_LEADS = 100_000  # whose columns take some hundred megabytes
MOST_AT_ONCE = 4  # each holds a copy of the training leads
Item = TypeVar("Item")
Result = TypeVar("Result")


def side_by_side(fit: Callable[[Item], Result], items: Iterable[Item]) -> list[Result]:
    """Give `fit` of each item, in their order; the result does not depend on the number of cores.

    >>> side_by_side(abs, [-1, 2, -3])
    [1, 2, 3]
    """
    with threadpool_limits(1), ThreadPoolExecutor(MOST_AT_ONCE) as pool:
        return list(pool.map(fit, items))


def in_slices(work: Callable[[pl.DataFrame], NDArray[np.float64]], leads: pl.DataFrame) -> NDArray[np.float64]:
    """Give `work` of a table, whose rows do not depend on each other, from slices of it that are worked side by side.

    >>> in_slices(lambda leads: leads["visits"].to_numpy() + 1, pl.DataFrame({"visits": [1.0, 2.0]})).tolist()
    [2.0, 3.0]
    """
    starts = range(0, max(leads.height, 1), SLICE_LEADS)
    return np.concatenate(side_by_side(work, [leads.slice(start, SLICE_LEADS) for start in starts]))
