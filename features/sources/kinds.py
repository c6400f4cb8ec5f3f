"""What kind a column is, inferred from all of its rows."""

import polars as pl

from features.attributes import Kind
from features.sources.cells import filled_text
from features.sources.date_text import LOOKS_LIKE_DATE
from features.sources.flags import are_flags
from features.sources.numbers import parse_numbers
from features.sources.raw_table import RawTable, is_structure

MOSTLY = 0.95  # of the filled cells; the rest are then typing errors to be named, not a sign of another kind


def infer_kind(raw: RawTable, column: str) -> Kind | None:
    """Give the kind of a column; None where every cell is missing, or holds a list or other structure.

    A column is a number or a date when more than 95 % of its filled cells are; a flag when all are yes and no, or
    true and false; else a category.
    """
    series = raw.frame[column]
    if series.null_count() == len(series) or is_structure(series.dtype):
        return None
    if series.dtype.is_numeric():
        return Kind.NUMBER
    if series.dtype == pl.Boolean:
        return Kind.FLAG
    if series.dtype == pl.Date or isinstance(series.dtype, pl.Datetime):
        return Kind.DATE
    text = filled_text(series).drop_nulls()
    return _kind_of_text(text, raw.decimal) if len(text) else None


def _kind_of_text(text: pl.Series, decimal: str) -> Kind:
    if parse_numbers(text, decimal).is_not_null().sum() > MOSTLY * len(text):
        return Kind.NUMBER
    if are_flags(text):
        return Kind.FLAG
    if text.str.contains(LOOKS_LIKE_DATE).sum() > MOSTLY * len(text):
        return Kind.DATE
    return Kind.CATEGORY
