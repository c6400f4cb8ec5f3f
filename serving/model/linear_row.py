"""The linear part for one lead at a time, with as few steps as there can be: a request waits for each of them."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from serving.model.linear import Knots, LinearPart


class LinearRow:
    """What each feature of one lead adds to the margin of a `LinearPart`, times `scale`.

    Equal to the lead's row of `LinearPart.add_contributions` to the last bit.
    """

    def __init__(self, part: LinearPart, feature_of_column: NDArray[np.intp], scale: float, n_features: int) -> None:
        knots = [part.knots[column] for column in part.used if column in part.knots]
        self._columns = np.array(part.used, dtype=np.intp)
        self._weights = scale * part.weights[self._columns]
        self._features = feature_of_column[self._columns]
        self._n_features = n_features
        self._knots = _KnotsSideBySide(knots) if knots else None
        self._knotted = len(knots)  # they come first

    def contributions(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give them, float64[features], of a row float64[c]."""
        terms = row.take(self._columns)
        if self._knots is not None:
            terms[: self._knotted] = self._knots.apply(terms[: self._knotted])
        terms *= self._weights
        added = np.bincount(self._features, weights=terms, minlength=self._n_features)
        return added.astype(np.float64, copy=False)  # whole numbers where there is no term


class _KnotsSideBySide:
    """The knots of k columns, padded to equal length w, to map one number of each column all at once."""

    def __init__(self, knots: Sequence[Knots]) -> None:
        width = max(len(each.xs) for each in knots) + 1  # one more than any has, that no number passes

        def side_by_side(rows: Iterable[NDArray[np.float64]], padding: float) -> NDArray[np.float64]:
            return np.array([np.append(row, np.full(width - len(row), padding)) for row in rows])

        self._xs = side_by_side((each.xs for each in knots), np.inf)  # float64[k, w]
        self._flat_xs = self._xs.ravel()
        self._flat_ys = side_by_side((each.ys for each in knots), 0.0).ravel()
        self._flat_slopes = side_by_side((each.slopes for each in knots), 0.0).ravel()
        self._first, self._last = (np.array([each.xs[end] for each in knots]) for end in (0, -1))
        self._missing = np.array([each.missing for each in knots])
        self._before = np.arange(len(knots)) * width - 1  # the place before the first knot of each column, flattened

    def apply(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the mapped values, float64[k], each as `Knots.apply` maps it, to the last bit."""
        inside = np.minimum(np.maximum(values, self._first), self._last)  # np.clip takes twice as long for so few
        at = (self._xs > inside[:, None]).argmax(axis=1)
        at += self._before
        mapped = inside - self._flat_xs.take(at)
        mapped *= self._flat_slopes.take(at)
        mapped += self._flat_ys.take(at)
        return np.where(np.isnan(values), self._missing, mapped)
