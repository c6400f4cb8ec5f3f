"""Reading a CSV file: every cell as text, every record at its row, whatever the encoding and delimiter."""

import csv
import io
import itertools
from pathlib import Path

import polars as pl
import pyarrow as pa
import pyarrow.csv as arrow_csv

from features.config.sections import TableFile
from features.config.values import normal_name
from features.errors import DataError
from features.problems import Problem
from features.sources.csv_dialect import LOOKED_AT_CHARACTERS, find_delimiter
from features.sources.decimal_mark import find_decimal_mark
from features.sources.journal import SHOWN_ROWS, Journal
from features.sources.raw_table import FIRST_ROW, RawTable
from features.sources.text_decoding import decode

BLOCK_BYTES = 1 << 24  # one record must fit into it
NAMES_FIRST = "write the names of the columns in the first row"
NO_ROWS = "put one row per lead, event or decision below a row of column names"


def read_csv(path: Path, said: TableFile, journal: Journal) -> RawTable:
    """Give the rows of a CSV file; blank rows are left out, but count as rows.

    Raises DataError where the file is empty, has no header, or has records that are wider or narrower than it.
    """
    file = path.name
    raw = decode(path.read_bytes(), said.encoding, file, journal)
    if not raw.strip():
        raise DataError([Problem("is empty", NO_ROWS, file)])
    head = raw[:LOOKED_AT_CHARACTERS].decode(errors="ignore")
    delimiter = said.delimiter or find_delimiter(head, file, journal)
    header = _read_header(head, delimiter, file)
    _refuse_open_quote(raw, delimiter, file)
    cells = _read_cells(raw, len(header), delimiter, file)
    rows = pl.int_range(FIRST_ROW, FIRST_ROW + cells.height, dtype=pl.Int64, eager=True)
    filled = cells.select(pl.any_horizontal(pl.all().str.strip_chars() != "")).to_series()
    named = _name_columns(cells.filter(filled), header, file, journal)
    decimal = said.decimal or find_decimal_mark(named, file, journal)
    return RawTable(file, tuple(named.columns), named, rows.filter(filled), decimal, said)


def _read_header(head: str, delimiter: str, file: str) -> list[str]:
    """Give the names in the first row, "" where a column has none."""
    try:
        header = [normal_name(name) for name in next(csv.reader(io.StringIO(head, newline=""), delimiter=delimiter))]
    except csv.Error as error:
        raise DataError([Problem(f"has no readable column names ({error})", NAMES_FIRST, file, 1)]) from None
    if not any(header):
        raise DataError([Problem("has no column names", NAMES_FIRST, file, 1)])
    if header[0].startswith("sep="):
        raise DataError(
            [Problem("is a note to Excel, not the column names", "take the row out", file, 1, value=header[0])]
        )
    return header


def _read_cells(raw: bytes, width: int, delimiter: str, file: str) -> pl.DataFrame:
    """Give the cells below the header as String columns "0", "1" ...; "" where empty."""
    uneven: list[arrow_csv.InvalidRow] = []

    def keep_uneven(row: arrow_csv.InvalidRow) -> str:
        uneven.append(row)
        return "skip"

    names = [str(index) for index in range(width)]
    # one thread, because only then the reader knows the number of a bad row
    reading = arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=BLOCK_BYTES)
    parsing = arrow_csv.ParseOptions(
        delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep_uneven
    )
    as_text = dict.fromkeys(names, pa.large_string())
    typing = arrow_csv.ConvertOptions(column_types=as_text, strings_can_be_null=False)
    try:
        table = arrow_csv.read_csv(pa.py_buffer(raw), reading, parsing, typing)
    except pa.ArrowInvalid as error:
        what = f"cannot be read as CSV ({error})"
        raise DataError(
            [Problem(what, "look for a quote that is never closed, or a cell of many pages", file)]
        ) from None
    if uneven:
        raise DataError(_say_uneven(uneven, file))
    frame = pl.from_arrow(table)
    assert isinstance(frame, pl.DataFrame)
    return frame[1:]


def _say_uneven(uneven: list[arrow_csv.InvalidRow], file: str) -> list[Problem]:
    remedy = "put a value that holds the separating sign in quotes, or fill up the row"
    problems = [
        Problem(f"has {row.actual_columns} cells where the header has {row.expected_columns}", remedy, file, row.number)
        for row in uneven[:SHOWN_ROWS]
    ]
    if len(uneven) > SHOWN_ROWS:
        problems.append(Problem(f"and {len(uneven) - SHOWN_ROWS:,} more rows like this", remedy, file))
    return problems


def _refuse_open_quote(raw: bytes, delimiter: str, file: str) -> None:
    """Refuse a file whose last quote never closes: the rest of the file would be one cell."""
    if raw.count(b'"') % 2 == 0:
        return
    records = csv.reader(io.StringIO(raw.decode(), newline=""), delimiter=delimiter, strict=True)
    for row in itertools.count(1):
        try:
            if next(records, None) is None:
                return
        except csv.Error as error:
            remedy = 'close the quote, and write a quote inside a quoted cell twice, as ""'
            raise DataError([Problem(f"has a quote that is not right ({error})", remedy, file, row)]) from None


def _name_columns(cells: pl.DataFrame, header: list[str], file: str, journal: Journal) -> pl.DataFrame:
    """Give the columns their names; columns without a name are left out, a name given twice is refused."""
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        remedy = "give each column a name of its own"
        raise DataError([Problem("is the name of two columns", remedy, file, 1, value=name) for name in twice])
    unnamed = [str(index + 1) for index, name in enumerate(header) if not name]
    if unnamed:
        journal.finding("unused", f"{file}: column {', '.join(unnamed)} has no name and is not used")
    return cells.select(pl.col(str(index)).alias(name) for index, name in enumerate(header) if name)
