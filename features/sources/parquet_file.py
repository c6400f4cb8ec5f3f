"""Reading a Parquet file: its columns as they are typed there."""

from pathlib import Path

import polars as pl

from features.config.sections import TableFile
from features.config.values import normal_name
from features.errors import DataError
from features.problems import Problem
from features.sources.raw_table import FIRST_ROW, RawTable


def read_parquet(path: Path, said: TableFile, columns: frozenset[str] | None) -> RawTable:
    """Give the rows of a Parquet file; with `columns`, only those of them that it has.

    Raises DataError where it is no Parquet file.
    """
    file = path.name
    try:
        lazy = pl.scan_parquet(path, glob=False)
        names = lazy.collect_schema().names()
        wanted = {name: normal_name(name) for name in names if columns is None or normal_name(name) in columns}
        frame = lazy.select(pl.col(name).alias(normal) for name, normal in wanted.items()).collect()
        height = lazy.select(pl.len()).collect().item()
    except pl.exceptions.PolarsError as error:
        what = f"cannot be read as Parquet ({str(error).splitlines()[0]})"
        raise DataError([Problem(what, "write the file again, or save it as CSV", file)]) from None
    rows = pl.int_range(FIRST_ROW, FIRST_ROW + height, dtype=pl.Int64, eager=True)
    return RawTable(file, tuple(normal_name(name) for name in names), frame, rows, ".", said)
