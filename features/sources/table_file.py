"""Reading a file of either format."""

from pathlib import Path

from features.config.sections import TableFile
from features.errors import DataError
from features.problems import Problem
from features.sources.csv_file import NO_ROWS, read_csv
from features.sources.journal import Journal
from features.sources.parquet_file import read_parquet
from features.sources.raw_table import RawTable

PARQUET_SUFFIX = ".parquet"


def read_table_file(
    path: Path, said: TableFile, journal: Journal, columns: frozenset[str] | None = None, *, may_lack_rows: bool = False
) -> RawTable | None:
    """Give the rows of a CSV or Parquet file; of Parquet only `columns`, where they are given.

    None, with its problems written down, where the file is not there, not readable, not what its name says, or
    without a row (unless it `may_lack_rows`, as decisions do before the first is taken).
    """
    try:
        raw = _read(path, said, journal, columns)
    except DataError as error:
        journal.problems += error.problems
        return None
    if may_lack_rows or len(raw.rows):
        return raw
    journal.problems.append(_no_rows(path))
    return None


def _read(path: Path, said: TableFile, journal: Journal, columns: frozenset[str] | None) -> RawTable:
    if not path.is_file():
        what = "is a folder, not a file" if path.is_dir() else "is not there"
        raise DataError([Problem(f"{what} (looked for in {path.absolute().parent})", "check the path", path.name)])
    try:
        if _is_parquet(path):
            return read_parquet(path, said, columns)
        return read_csv(path, said, journal)
    except OSError as error:
        raise DataError([Problem(f"cannot be read ({error.strerror})", "check its permissions", path.name)]) from None


def _is_parquet(path: Path) -> bool:
    return path.suffix.lower() == PARQUET_SUFFIX


def _no_rows(path: Path) -> Problem:
    if _is_parquet(path):
        return Problem("has no rows", "put one row per lead, event or decision", path.name)
    return Problem("has no rows below its header", NO_ROWS, path.name)
