"""How the values of a group's events become one: on integers and equality only, so order and engine never matter."""

from collections.abc import Callable
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Reduction:
    """One reduction of a column within a group."""

    of_column: Callable[[pl.Expr], pl.Expr]


SUM = Reduction(lambda column: column.cast(pl.Int64).sum())
SMALLEST = Reduction(lambda column: column.min())
LARGEST = Reduction(lambda column: column.max())
DISTINCT = Reduction(lambda column: column.drop_nulls().n_unique())  # missing values do not count
