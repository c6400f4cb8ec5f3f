"""Which leads there is something to learn from, in the order in which they came."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from training.measuring.metrics import Floats


def known_leads(leads: pl.DataFrame, y: Floats) -> NDArray[np.intp]:
    """Give the rows of `leads` whose outcome is known (`y` is not NaN), oldest first, ties in the file's order.

    >>> known_leads(pl.DataFrame({"arrival": [2, 1, 0]}), np.array([1.0, np.nan, 0.0])).tolist()
    [2, 0]
    """
    known = np.flatnonzero(~np.isnan(y))
    return known[np.argsort(leads["arrival"].to_numpy()[known], kind="stable")]
