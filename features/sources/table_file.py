"""Reading a file of either format."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from features.config.sections import TableFile
from features.errors import DataError
from features.problems import Problem
from features.sources.csv_file import NO_ROWS, read_csv
from features.sources.journal import Journal
from features.sources.parquet_file import open_parquet
from features.sources.raw_table import RawTable

PARQUET_SUFFIX = ".parquet"


@dataclass(frozen=True)
class TableFileInPieces:
    """A file of `height` rows, to be read in pieces that memory holds. `empty` is its table without any row."""

    empty: RawTable
    height: int
    _pieces: Callable[[int], Iterator[RawTable]]

    def pieces(self, rows: int) -> Iterator[RawTable]:
        """Give the rows in order, about `rows` at a time; raises DataError where they cannot be read."""
        return self._pieces(rows)


def read_table_file(
    path: Path, said: TableFile, journal: Journal, columns: frozenset[str] | None = None, *, may_lack_rows: bool = False
) -> RawTable | None:
    """Give the rows of a CSV or Parquet file; of Parquet only `columns`, where they are given.

    None, with its problems written down, where the file is not there, not readable, not what its name says, or
    without a row (unless it `may_lack_rows`, as decisions do before the first is taken).
    """
    try:
        with _open(path):
            raw = open_parquet(path, said, columns).whole() if is_parquet(path) else read_csv(path, said, journal)
    except DataError as error:
        journal.add_problems(error.problems)
        return None
    if may_lack_rows or len(raw.rows):
        return raw
    journal.add_problems([_no_rows(path)])
    return None


def open_table_file(
    path: Path, said: TableFile, journal: Journal, columns: frozenset[str] | None = None
) -> TableFileInPieces | None:
    """Open a CSV or Parquet file to read it in pieces; None as `read_table_file` gives None.

    Of Parquet, a piece and the row groups it stands in are in memory. A CSV file is there as a whole: what its signs
    mean, and where a row ends, only the whole file tells.
    """
    try:
        with _open(path):
            opened = (
                _pieces_of_parquet(path, said, columns) if is_parquet(path) else _pieces_of_csv(path, said, journal)
            )
    except DataError as error:
        journal.add_problems(error.problems)
        return None
    if opened.height:
        return opened
    journal.add_problems([_no_rows(path)])
    return None


def _pieces_of_parquet(path: Path, said: TableFile, columns: frozenset[str] | None) -> TableFileInPieces:
    opened = open_parquet(path, said, columns)
    return TableFileInPieces(opened.without_rows(), opened.height, opened.pieces)


def _pieces_of_csv(path: Path, said: TableFile, journal: Journal) -> TableFileInPieces:
    raw = read_csv(path, said, journal)

    def pieces(rows: int) -> Iterator[RawTable]:
        return (raw.slice(start, rows) for start in range(0, len(raw.rows), rows))

    return TableFileInPieces(raw.slice(0, 0), len(raw.rows), pieces)


@contextmanager
def _open(path: Path) -> Iterator[None]:
    """Say what keeps a file from being opened."""
    if not path.is_file():
        what = "is a folder, not a file" if path.is_dir() else "is not there"
        raise DataError([Problem(f"{what} (looked for in {path.absolute().parent})", "check the path", path.name)])
    try:
        yield
    except OSError as error:
        raise DataError([Problem(f"cannot be read ({error.strerror})", "check its permissions", path.name)]) from None


def is_parquet(path: Path) -> bool:
    """Say whether a file is Parquet, by its name."""
    return path.suffix.lower() == PARQUET_SUFFIX


def _no_rows(path: Path) -> Problem:
    if is_parquet(path):
        return Problem("has no rows", "put one row per lead, event or decision", path.name)
    return Problem("has no rows below its header", NO_ROWS, path.name)
