"""How the values of a lead's events become one: on integers and equality only, so order and engine never matter."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import polars as pl


@dataclass(frozen=True)
class Reduction:
    """One reduction with its two faces: within a group of a table, and over the values of one lead."""

    of_column: Callable[[pl.Expr], pl.Expr]
    of_values: Callable[[Iterable[Any]], int]


def _distinct(values: Iterable[object]) -> int:
    return len(set(values) - {None})


SUM = Reduction(lambda column: column.cast(pl.Int64).sum(), sum)
SMALLEST = Reduction(lambda column: column.min(), min)
LARGEST = Reduction(lambda column: column.max(), max)
DISTINCT = Reduction(lambda column: column.drop_nulls().n_unique(), _distinct)  # missing values do not count
