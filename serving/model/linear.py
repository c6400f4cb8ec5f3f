"""The linear part: a logistic regression over columns, numbers read through monotone quantile knots."""

from collections.abc import Mapping
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
        for column in self.used:
            values = matrix[:, column]
            if column in self.knots:
                values = self.knots[column].apply(values)
            into[:, feature_of_column[column]] += values * (scale * self.weights[column])

    @cached_property
    def used(self) -> tuple[int, ...]:
        """Give the columns with a weight, those that are read through knots first."""
        used = np.flatnonzero(self.weights).tolist()
        return tuple(sorted(used, key=lambda column: column not in self.knots))

    def to_json(self) -> dict[str, Any]:
        """Give the part as plain JSON values."""
        knots = {str(column): knots.to_json() for column, knots in self.knots.items()}
        return {"intercept": self.intercept, "weights": self.weights.tolist(), "knots": knots}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "LinearPart":
        """Read back what `to_json` gave."""
        knots = {int(column): Knots.from_json(each) for column, each in value["knots"].items()}
        return cls(float(value["intercept"]), np.array(value["weights"], dtype=float), knots)
