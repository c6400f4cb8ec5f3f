"""A file of scores, .csv or .parquet, written piece by piece and there only when it is whole."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq

from features.errors import DataError
from features.partitions import writing_to
from features.problems import Problem

CSV, PARQUET = ".csv", ".parquet"

Write = Callable[[pl.DataFrame], None]


def check_out(out: Path) -> None:
    """Raise DataError where nothing can be written there, before any work is done."""
    if out.suffix.lower() not in {CSV, PARQUET}:
        raise DataError(
            [Problem("is neither .csv nor .parquet", "give the output one of these endings", value=out.name)]
        )
    if not out.parent.is_dir():
        raise DataError([Problem("is not a folder", "make it first, or write elsewhere", value=str(out.parent))])


@contextmanager
def scores_out(out: Path) -> Iterator[Write]:
    """Give a function that writes the next rows; `out` is replaced at the end, or left alone where something fails.

    Raises DataError where the disk does not take it.
    """
    part = out.with_name(f".{out.name}.part")
    try:
        with writing_to(out):
            with ExitStack() as stack:
                yield _csv_writer(part, stack) if out.suffix.lower() == CSV else _parquet_writer(part, stack)
            part.replace(out)
    finally:
        part.unlink(missing_ok=True)


def _csv_writer(part: Path, stack: ExitStack) -> Write:
    file = stack.enter_context(part.open("wb"))

    def write(scores: pl.DataFrame) -> None:
        scores.write_csv(file, include_header=file.tell() == 0)

    return write


def _parquet_writer(part: Path, stack: ExitStack) -> Write:
    opened: list[pq.ParquetWriter] = []

    def write(scores: pl.DataFrame) -> None:
        table = scores.to_arrow(compat_level=pl.CompatLevel.oldest())
        if not opened:
            opened.append(stack.enter_context(pq.ParquetWriter(part, table.schema, compression="zstd")))
        opened[0].write_table(table)

    return write
