"""Which lead a row is about."""

import polars as pl

from features.sources.cells import filled_text
from features.sources.journal import SHOWN_ROWS, BadCells, Journal
from features.sources.raw_table import RawTable


def read_lead_ids(raw: RawTable, column: str | None, journal: Journal) -> pl.Series | None:
    """Give the id of each lead, String; "row 2" and so on where the leads have no id column.

    None, with a problem, where the file lacks the column. Missing ids and ids given twice become problems.
    """
    if column is None:
        return ("row " + raw.rows.cast(pl.String)).rename("lead_id")
    ids = read_references(raw, column, "[leads] id", journal)
    if ids is not None:
        _say_repeated(raw, column, ids, ~ids.is_first_distinct() & ids.is_not_null(), journal)
    return ids


def read_references(raw: RawTable, column: str, key: str, journal: Journal) -> pl.Series | None:
    """Give the lead id that each row names, String; a row without one becomes a problem."""
    series = raw.column(column, journal, key)
    if series is None:
        return None
    ids = filled_text(series, category=True).rename("lead_id")
    say_missing(raw, column, ids.is_null(), "write the lead's id, or take the row out", journal)
    return ids


def say_missing(raw: RawTable, column: str, missing: pl.Series, remedy: str, journal: Journal) -> None:
    """Write down the rows in which a needed value is missing, where there are any."""
    journal.bad_cells(raw.bad_cells(column, missing, empty=True), "is missing", remedy)


def say_unknown_leads(raw: RawTable, column: str, unknown: pl.Series, remedy: str, journal: Journal) -> None:
    """Write down the rows about leads that the leads file does not have, where there are any."""
    journal.bad_cells(raw.bad_cells(column, unknown), "is no lead of the leads file", remedy)


def _say_repeated(raw: RawTable, column: str, ids: pl.Series, repeated: pl.Series, journal: Journal) -> None:
    """Write down the first repeats, each with the row that the id stood in first."""
    cells = BadCells(raw.file, column, raw.rows.filter(repeated), ids.filter(repeated))
    shown = cells.values.head(SHOWN_ROWS) if cells.values is not None else ids.head(0)
    of_shown = ids.is_in(shown.to_list())
    first: dict[str, int] = {}
    for lead, row in zip(ids.filter(of_shown), raw.rows.filter(of_shown), strict=True):
        first.setdefault(lead, row)
    remedy = "give each lead one row"
    for row, lead in cells.first(SHOWN_ROWS):
        journal.problem(
            f"is also the lead of row {first[str(lead)]}", remedy, raw.file, row=row, column=column, value=lead
        )
    if cells.count > SHOWN_ROWS:
        journal.problem(f"and {cells.count - SHOWN_ROWS:,} more rows like this", remedy, raw.file, column=column)
