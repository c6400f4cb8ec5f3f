"""What comes up while files are read, kept so that every problem of every file is said together."""

from dataclasses import dataclass, field

import polars as pl

from features.errors import DataError
from features.findings import Finding, Severity
from features.problems import Problem

SHOWN_ROWS = 5  # of one kind in one column: enough to see what is wrong, few enough to read


@dataclass
class Journal:
    """Problems and findings, in the order they were found."""

    problems: list[Problem] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)

    def problem(
        self,
        what: str,
        remedy: str,
        file: str | None = None,
        *,
        row: int | None = None,
        column: str | None = None,
        value: str | None = None,
    ) -> None:
        """Write down one problem."""
        self.problems.append(Problem(what, remedy, file, row, column, value))

    def bad_cells(self, cells: "BadCells", what: str, remedy: str) -> None:
        """Write down the first few bad cells of a column, and how many more there are."""
        for row, value in cells.first(SHOWN_ROWS):
            self.problem(what, remedy, cells.file, row=row, column=cells.column, value=value)
        more = cells.count - SHOWN_ROWS
        if more > 0:
            rows = "row" if more == 1 else "rows"
            self.problem(f"and {more:,} more {rows} like this", remedy, cells.file, column=cells.column)

    def finding(self, kind: str, detail: str, column: str | None = None, severity: Severity = Severity.INFO) -> None:
        """Write down something worth knowing."""
        self.findings.append(Finding(kind, severity, column, detail))

    def stop_if_problems(self) -> None:
        """Raise DataError with all problems so far, if there are any."""
        if self.problems:
            raise DataError(self.problems)


@dataclass(frozen=True)
class BadCells:
    """The cells of one column that cannot be used: spreadsheet rows, and their text (None: the cell is empty)."""

    file: str
    column: str
    rows: pl.Series
    values: pl.Series | None

    @property
    def count(self) -> int:
        """Give how many cells there are."""
        return len(self.rows)

    def first(self, count: int) -> list[tuple[int, str | None]]:
        """Give the first cells as (row, text)."""
        rows = self.rows.head(count).to_list()
        texts = [None] * len(rows) if self.values is None else self.values.head(count).cast(pl.String).to_list()
        return list(zip(rows, texts, strict=True))
