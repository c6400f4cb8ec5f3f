"""Reading a Parquet file, whole or in pieces: its columns as they are typed there."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from features.config.sections import TableFile
from features.config.values import normal_name
from features.errors import DataError
from features.problems import Problem
from features.sources.raw_table import FIRST_ROW, RawTable


@dataclass(frozen=True)
class ParquetFile:
    """An open Parquet file. columns: the names of all its columns; wanted: those that are needed; height: its rows."""

    path: Path
    said: TableFile
    columns: tuple[str, ...]
    wanted: pl.LazyFrame
    height: int

    def whole(self) -> RawTable:
        """Give all rows; raises DataError where they cannot be read."""
        with _as_problem(self.path.name):
            return self._table(self.wanted.collect(), 0, self.height)

    def without_rows(self) -> RawTable:
        """Give the table that has the file's columns, and no row."""
        return self._table(self.wanted.head(0).collect(), 0, 0)

    def pieces(self, rows: int) -> Iterator[RawTable]:
        """Give the file's rows in order, about `rows` at a time; raises DataError where they cannot be read."""
        start = 0
        with _as_problem(self.path.name):
            for frame in self.wanted.collect_batches(chunk_size=rows, maintain_order=True):
                yield self._table(frame, start, frame.height)
                start += frame.height

    def _table(self, frame: pl.DataFrame, start: int, height: int) -> RawTable:
        rows = pl.int_range(FIRST_ROW + start, FIRST_ROW + start + height, dtype=pl.Int64, eager=True)
        return RawTable(self.path.name, self.columns, frame, rows, ".", self.said)


def open_parquet(path: Path, said: TableFile, columns: frozenset[str] | None) -> ParquetFile:
    """Open a Parquet file for `columns`, those of them that it has, or for all.

    Raises DataError where it is no Parquet file.
    """
    with _as_problem(path.name):
        lazy = pl.scan_parquet(path, glob=False)
        names = lazy.collect_schema().names()
        height = lazy.select(pl.len()).collect().item()
    wanted = {name: normal_name(name) for name in names if columns is None or normal_name(name) in columns}
    selected = lazy.select(pl.col(name).alias(normal) for name, normal in wanted.items())
    return ParquetFile(path, said, tuple(normal_name(name) for name in names), selected, height)


@contextmanager
def _as_problem(file: str) -> Iterator[None]:
    try:
        yield
    except pl.exceptions.PolarsError as error:
        what = f"cannot be read as Parquet ({str(error).splitlines()[0]})"
        raise DataError([Problem(what, "write the file again, or save it as CSV", file)]) from None
