"""The reasons of many leads as text."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.feature import Feature


def reason_texts(
    features: Sequence[Feature], values: pl.DataFrame, points: NDArray[np.float64], strongest: NDArray[np.intp]
) -> pl.Series:
    """Give each lead's reasons, phrases with signed points, between semicolons; features that add nothing are none.

    values: a column per feature, a row per lead; points: float64[leads, features]; strongest: int[leads, reasons], the
    features to say, in order.
    """
    added = np.take_along_axis(points, strongest, axis=1)
    chosen = np.where(added != 0.0, strongest, -1)
    codes = np.zeros(chosen.shape, dtype=np.uint32)
    phrases: list[str] = []
    for at in np.unique(chosen[chosen >= 0]):
        leads, places = np.nonzero(chosen == at)
        said = values[features[at].name].gather(leads)
        distinct = said.unique()
        codes[leads, places] = len(phrases) + _places(said, distinct)
        phrases += [features[at].say(value) for value in distinct]
    if not phrases:
        return pl.repeat("", len(points), dtype=pl.String, eager=True)
    spoken = pl.Series(phrases, dtype=pl.String)
    columns = [_reasons(spoken.gather(codes[:, place]), added[:, place]) for place in range(strongest.shape[1])]
    return pl.select(pl.concat_str(columns, separator="; ", ignore_nulls=True).fill_null("")).to_series()


def strongest_by_row(points: NDArray[np.float64], count: int) -> NDArray[np.intp]:
    """Give the indices of the `count` features with the most absolute points, strongest first, int[leads, count].

    Of two as strong as each other the first comes first. A pass per reason, which beats sorting while these are few.

    >>> strongest_by_row(np.array([[1.0, -3.0, 2.0], [5.0, 5.0, 0.0]]), 2).tolist()
    [[1, 2], [0, 1]]
    """
    left = np.abs(points)
    rows = np.arange(len(points))
    strongest = np.empty((len(points), min(count, points.shape[1])), dtype=np.intp)
    for place in range(strongest.shape[1]):
        strongest[:, place] = left.argmax(axis=1)
        left[rows, strongest[:, place]] = -1.0
    return strongest


def _places(values: pl.Series, distinct: pl.Series) -> NDArray[np.uint32]:
    """Give the place of each value among the distinct ones; missing is one of them."""
    numbered = distinct.alias("value").to_frame().with_row_index("place")
    joined = (
        values.alias("value").to_frame().join(numbered, on="value", how="left", nulls_equal=True, maintain_order="left")
    )
    return joined["place"].to_numpy()


def _reasons(phrases: pl.Series, points: NDArray[np.float64]) -> pl.Expr:
    """Give "phrase: +14" per lead, null where a feature adds nothing; points are written as `signed` writes them."""
    added = pl.lit(pl.Series(points))
    rounded = pl.lit(pl.Series(np.abs(np.rint(points)).astype(np.int64)))
    sign = pl.when(added < 0).then(pl.lit(": -")).otherwise(pl.lit(": +"))
    return pl.when(added != 0.0).then(pl.concat_str(pl.lit(phrases), sign, rounded))
