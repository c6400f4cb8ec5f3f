"""From places in a tuple of words to a column of words."""

from collections.abc import Sequence

import polars as pl

from features.simulation.traits import Places


def words_at(words: Sequence[str], places: Places) -> pl.Series:
    """Give the word at each place, as an enum, which is small; place -1 is missing.

    >>> import numpy as np
    >>> words_at(["red", "blue"], np.array([1, -1, 0])).to_list()
    ['blue', None, 'red']
    """
    known = pl.Series(words, dtype=pl.Enum(list(dict.fromkeys(words))))
    at = pl.Series(places, dtype=pl.Int64)
    return known.gather(at.set(at < 0, None).cast(pl.UInt32))
