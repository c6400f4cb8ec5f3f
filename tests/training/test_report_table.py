"""A report's table is readable on a terminal, and whole in a file."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from rich.console import Console

from features.errors import DataError
from serving.reports.report import Table
from training.report_table import render_table, write_table

TABLE = Table(("lead_id", "rate", "due_at", "owner"), [("[bold]7", 0.25, datetime(2026, 3, 1, 9, tzinfo=UTC), None)])


def test_cells_are_said_as_they_are() -> None:
    console = Console(width=80, record=True, force_terminal=False)
    for part in render_table(TABLE):
        console.print(part)
    head, row = console.export_text().splitlines()[:2]
    assert head.split() == ["lead", "id", "rate", "due", "at", "owner"]
    assert row.split() == ["[bold]7", "0.250", "2026-03-01", "09:00"]


def test_a_table_without_rows_is_said() -> None:
    assert list(render_table(Table(("a",), []))) == ["There is nothing to report yet."]


def test_a_file_has_every_cell_and_a_place_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    write_table(TABLE, tmp_path / "table.csv")
    written = (tmp_path / "table.csv").read_bytes()
    assert written == b"lead_id,rate,due_at,owner\r\n[bold]7,0.25,2026-03-01T09:00:00Z,\r\n"
    with pytest.raises(DataError, match=r"nowhere/table.csv: cannot be written \(No such file or directory\)"):
        write_table(TABLE, tmp_path / "nowhere" / "table.csv")
