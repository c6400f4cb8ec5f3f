"""Numbers as people and programs write them."""

import polars as pl

from features.cell_values import LARGEST

_PLAIN = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
_GROUPED = r"^[+-]?[1-9]\d{0,2}(,\d{3})+(\.\d+)?$"


def parse_numbers(text: pl.Series, decimal: str) -> pl.Series:
    """Give Float64, null where a cell is missing or no number. Thousands may be grouped.

    >>> parse_numbers(pl.Series(["1,234.5", "12O"]), ".").to_list()
    [1234.5, None]
    >>> parse_numbers(pl.Series(["1.234,5"]), ",").to_list()
    [1234.5]
    """
    if decimal == ",":
        text = text.str.replace_many([".", ","], [",", "."])
    grouped = text.str.contains(_GROUPED)
    text = text.str.replace_all(",", "", literal=True).zip_with(grouped.fill_null(value=False), text)
    return text.set(~text.str.contains(_PLAIN), None).cast(pl.Float64)


def is_out_of_reach(numbers: pl.Series) -> pl.Series:
    """Say which numbers are infinite or too large to be held exactly; false where missing."""
    return (numbers.is_infinite() | (numbers.abs() > LARGEST)).fill_null(value=False)
