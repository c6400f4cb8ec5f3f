"""A report's table on a terminal, and as a CSV file."""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from rich.console import RenderableType
from rich.table import Table as RichTable
from rich.text import Text

from features.errors import DataError
from features.problems import Problem
from serving.reports.report import Cell, Table


def render_table(table: Table) -> Iterable[RenderableType]:
    """Give the table as a person reads it on a terminal; a single line where it has no rows."""
    if not table.rows:
        yield "There is nothing to report yet."
        return
    shown = RichTable(box=None, pad_edge=False)
    for at, name in enumerate(table.columns):
        is_number = all(isinstance(row[at], int | float | None) for row in table.rows)
        shown.add_column(name.replace("_", " "), justify="right" if is_number else "left")
    for row in table.rows:
        shown.add_row(*(Text(_said(cell)) for cell in row))
    yield shown


def write_table(table: Table, path: Path) -> None:
    """Write the table as CSV. Raises DataError where the file cannot be written."""
    try:
        path.write_text(table.to_csv(), encoding="utf-8", newline="")
    except OSError as error:
        raise DataError([Problem(f"cannot be written ({error.strerror})", "write elsewhere", str(path))]) from error


def _said(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.3f}"
    return f"{cell:%Y-%m-%d %H:%M}" if isinstance(cell, datetime) else str(cell)
