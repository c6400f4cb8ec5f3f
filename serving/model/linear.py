"""The linear part: a logistic regression over columns, numbers read through monotone quantile knots."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

SMALLEST_STEP = 1e-300  # between two knots: dividing by less would overflow


@dataclass(frozen=True)
class Knots:
    """A monotone piecewise linear map of a number: `ys` at `xs`, flat outside.

    A missing number is read as `missing`, so that it adds nothing by itself; the "missing" column says the rest.
    """

    xs: NDArray[np.float64]
    ys: NDArray[np.float64]
    missing: float = 0.0

    @cached_property
    def slopes(self) -> NDArray[np.float64]:
        """Give the slope from each knot to the next, 0 after the last; `np.interp`'s own differ by processor."""
        steps = np.diff(self.xs)
        rises = np.divide(np.diff(self.ys), steps, out=np.zeros(len(steps)), where=steps > SMALLEST_STEP)
        return np.append(rises, 0.0)

    def apply(self, values: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the mapped values, float64[n], NaN read as `missing`."""
        inside = np.clip(values, self.xs[0], self.xs[-1])
        at = np.searchsorted(self.xs, inside, side="right") - 1
        mapped = (inside - self.xs.take(at)) * self.slopes.take(at) + self.ys.take(at)
        return np.where(np.isnan(values), self.missing, mapped)

    def to_json(self) -> dict[str, Any]:
        """Give the knots as plain JSON values."""
        return {"xs": self.xs.tolist(), "ys": self.ys.tolist(), "missing": self.missing}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Knots":
        """Read back what `to_json` gave."""
        return cls(np.array(value["xs"], dtype=float), np.array(value["ys"], dtype=float), float(value["missing"]))


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
        at = (self._xs > inside[:, None]).argmax(axis=1) + self._before
        mapped = (inside - self._flat_xs.take(at)) * self._flat_slopes.take(at) + self._flat_ys.take(at)
        return np.where(np.isnan(values), self._missing, mapped)


@dataclass(frozen=True)
class LinearPart:
    """`margin = intercept + sum of weights * columns`, number columns through their knots first (log-odds)."""

    intercept: float
    weights: NDArray[np.float64]
    knots: Mapping[int, Knots] = field(default_factory=dict)

    def inputs(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give float64[n, c] with the number columns mapped: what the weights multiply."""
        mapped = matrix.copy(order="K")
        for column, knots in self.knots.items():
            mapped[:, column] = knots.apply(matrix[:, column])
        return mapped

    def margin(self, matrix: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give the log-odds, float64[n]."""
        return np.asarray(self.intercept + self.inputs(matrix) @ self.weights)

    def add_contributions(
        self, matrix: NDArray[np.float64], feature_of_column: NDArray[np.intp], scale: float, into: NDArray[np.float64]
    ) -> None:
        """Add `scale` times what each feature adds to the margin into `into`, float64[n, features].

        A row's contributions and the intercept add up to its margin. Column by column, so that a row's sum does
        not depend on the rows beside it.
        """
        for column in np.flatnonzero(self.weights).tolist():
            values = matrix[:, column]
            if column in self.knots:
                values = self.knots[column].apply(values)
            into[:, feature_of_column[column]] += values * (scale * self.weights[column])

    @cached_property
    def _row_plan(self) -> tuple[NDArray[np.intp], NDArray[np.intp], _KnotsSideBySide | None]:
        """Give the columns with a weight, those of them that are read through knots, and these knots, if any."""
        knotted = [column for column in self.knots if self.weights[column]]
        knots = _KnotsSideBySide([self.knots[column] for column in knotted]) if knotted else None
        return np.flatnonzero(self.weights), np.array(knotted, dtype=np.intp), knots

    def row_contributions(
        self, row: NDArray[np.float64], feature_of_column: NDArray[np.intp], scale: float, n_features: int
    ) -> NDArray[np.float64]:
        """Give `scale` times what each feature adds to one lead's margin, float64[features].

        Equal to the lead's row of `add_contributions` to the last bit.
        """
        used, knotted, knots = self._row_plan
        mapped = row.copy()
        if knots is not None:
            mapped[knotted] = knots.apply(row[knotted])
        terms = mapped[used] * (scale * self.weights[used])
        return np.bincount(feature_of_column[used], weights=terms, minlength=n_features).astype(np.float64, copy=False)

    def to_json(self) -> dict[str, Any]:
        """Give the part as plain JSON values."""
        knots = {str(column): knots.to_json() for column, knots in self.knots.items()}
        return {"intercept": self.intercept, "weights": self.weights.tolist(), "knots": knots}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "LinearPart":
        """Read back what `to_json` gave."""
        knots = {int(column): Knots.from_json(each) for column, each in value["knots"].items()}
        return cls(float(value["intercept"]), np.array(value["weights"], dtype=float), knots)
