"""The order in which leads came in."""

import polars as pl

from features.config import Config
from features.sources.cells import filled_text
from features.sources.date_text import LOOKS_LIKE_DATE
from features.sources.instants import read_instants
from features.sources.journal import Journal
from features.sources.lead_ids import say_missing
from features.sources.numbers import parse_numbers
from features.sources.raw_table import RawTable

MONTHS = (
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
)
_MONTH_NUMBERS = {name[:cut]: at for at, name in enumerate(MONTHS, start=1) for cut in (3, len(name))} | {"sept": 9}


def arrival_of(values: pl.Series) -> pl.Series:
    """Give each row's place in ascending order, 0 first, Int64; equal values keep the order of the rows.

    >>> arrival_of(pl.Series([30, 10, 30, 20])).to_list()
    [2, 0, 3, 1]
    """
    return (values.rank("ordinal").cast(pl.Int64) - 1).rename("arrival")


def read_order(config: Config, raw: RawTable, column: str, journal: Journal) -> pl.Series | None:
    """Give values that sort as the leads came in: numbers, dates, or English names of months (Jan, January).

    None, with a problem, where the file lacks the column; missing cells and cells of no order become problems.
    """
    series = raw.column(column, journal, "[leads] order")
    if series is None:
        return None
    text = filled_text(series)
    say_missing(raw, column, text.is_null(), "write the lead's place, or say nothing of [leads] order", journal)
    if series.dtype.is_numeric():
        return series.cast(pl.Float64)
    if series.dtype != pl.String or text.str.contains(LOOKS_LIKE_DATE).sum() * 2 > len(text):
        return read_instants(raw, column, config.company.zone, journal).values
    months = text.str.to_lowercase().replace_strict(_MONTH_NUMBERS, default=None, return_dtype=pl.Float64)
    numbers = parse_numbers(text, raw.decimal)
    values = months if months.null_count() < numbers.null_count() else numbers
    bad = text.is_not_null() & values.is_null()
    remedy = "write numbers, dates, or months as Jan or January, the same way in all rows"
    journal.bad_cells(raw.bad_cells(column, bad), "has no place in an order", remedy)
    return values
