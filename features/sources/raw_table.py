"""A file as read: its cells, still untyped or typed as Parquet has them, with the row each stands in."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import polars as pl

from features.config.sections import TableFile
from features.problems import did_you_mean
from features.sources.day_order import DayEvidence
from features.sources.journal import BadCells, Journal

FIRST_ROW = 2  # as a spreadsheet counts: the header is row 1


@dataclass(frozen=True)
class RawTable:
    """The rows of one file, or of a part of one.

    file: its name, for messages. columns: the names of all its columns, blanks around them gone. frame: those that
    are needed; String from CSV, any type from Parquet. rows: the spreadsheet row of each, Int64. decimal: the
    decimal mark in text. said: what the config says about the file. told: what the whole file tells of the order of day
    and month, by column, where these are the rows of a part.
    """

    file: str
    columns: tuple[str, ...]
    frame: pl.DataFrame
    rows: pl.Series
    decimal: str
    said: TableFile
    told: Mapping[str, DayEvidence] = field(default_factory=dict)

    def has(self, column: str) -> bool:
        """Say whether the file has a column of this name."""
        return column in self.columns

    def column(self, name: str, journal: Journal, key: str) -> pl.Series | None:
        """Give a column; None, with a problem that names the nearest one, where the file does not have it."""
        if self.has(name):
            return self.frame[name]
        what = f"is not a column of the file, though {key} names it"
        journal.problem(what, did_you_mean(name, self.columns), self.file, value=name)
        return None

    def slice(self, start: int, count: int) -> "RawTable":
        """Give `count` rows, or as many as there are, from place `start` on."""
        return replace(self, frame=self.frame.slice(start, count), rows=self.rows.slice(start, count))

    def bad_cells(self, column: str, bad: pl.Series, *, empty: bool = False) -> BadCells:
        """Give the cells of a column where `bad` is true; `empty` says that they have no text to show."""
        values = None if empty else as_text(self.frame[column].filter(bad))
        return BadCells(self.file, column, self.rows.filter(bad), values)


def as_text(series: pl.Series) -> pl.Series:
    """Give the cells as text, as a person would write them: 7.0 from Parquet is "7", true is "true".

    >>> as_text(pl.Series([7.0, 7.5, None])).to_list()
    ['7', '7.5', None]
    """
    if series.dtype == pl.String:
        return series
    if series.dtype.is_float():
        whole = series.cast(pl.Int64, strict=False)
        text = series.cast(pl.String)
        is_whole = (whole == series).fill_null(value=False)
        return whole.cast(pl.String).zip_with(is_whole, text)
    if is_structure(series.dtype):
        return pl.Series(series.name, [None if cell is None else str(cell) for cell in series], dtype=pl.String)
    return series.cast(pl.String)


def is_structure(dtype: pl.DataType) -> bool:
    """Say whether cells of a type hold no single value that a feature could read: a list, bytes, a length of time."""
    return dtype.is_nested() or isinstance(dtype, pl.Binary | pl.Duration | pl.Object)
