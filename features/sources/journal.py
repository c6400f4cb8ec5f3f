"""What comes up while files are read, kept so that every problem of every file is said together.

A file may be read whole or in parts. What the parts' journals hold, put together, reads as if it had been read whole.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import polars as pl

from features.errors import DataError
from features.findings import Finding, Severity
from features.problems import Problem

SHOWN_ROWS = 5  # of one kind in one column: enough to see what is wrong, few enough to read


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


@dataclass(frozen=True)
class BadRows:
    """One check of one column: how many cells failed it, and the first of them as (row, text)."""

    file: str
    column: str
    what: str
    remedy: str
    count: int
    first: tuple[tuple[int, str | None], ...]

    @property
    def check(self) -> tuple[str, str, str, str]:
        """Give what tells this check from others."""
        return self.file, self.column, self.what, self.remedy

    def plus(self, other: "BadRows") -> "BadRows":
        """Give what the same check found in two parts of a file."""
        first = sorted([*self.first, *other.first], key=lambda cell: cell[0])[:SHOWN_ROWS]
        return replace(self, count=self.count + other.count, first=tuple(first))

    def problems(self) -> Iterator[Problem]:
        """Give a problem for each of the first cells, and how many more there are."""
        for row, value in self.first:
            yield Problem(self.what, self.remedy, self.file, row, self.column, value)
        more = self.count - SHOWN_ROWS
        if more > 0:
            rows = "row" if more == 1 else "rows"
            yield Problem(f"and {more:,} more {rows} like this", self.remedy, self.file, column=self.column)


@dataclass(frozen=True)
class Count:
    """How many rows of a file something was seen on: "events.csv: 7 rows repeat an event id"."""

    kind: str
    file: str
    rows: int
    what: str
    column: str | None
    even_none: bool

    def finding(self) -> Finding:
        """Give the count as a finding."""
        return Finding(self.kind, Severity.INFO, self.column, f"{self.file}: {self.rows:,} {self.what}")


@dataclass
class Journal:
    """Problems and findings, in the order they were looked for."""

    _problems: list[Problem | BadRows] = field(default_factory=list)
    _findings: list[Finding | Count] = field(default_factory=list)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Give every problem, those of one check in the order of rows."""
        each = (one.problems() if isinstance(one, BadRows) else (one,) for one in self._problems)
        return tuple(problem for problems in each for problem in problems)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Give everything worth knowing."""
        said = (one for one in self._findings if isinstance(one, Finding) or one.rows or one.even_none)
        return tuple(one.finding() if isinstance(one, Count) else one for one in said)

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
        self._problems.append(Problem(what, remedy, file, row, column, value))

    def add_problems(self, problems: Sequence[Problem]) -> None:
        """Write down problems found elsewhere."""
        self._problems += problems

    def bad_cells(self, cells: BadCells, what: str, remedy: str) -> None:
        """Write down the first few bad cells of a column, and how many more there are; none is worth noting too."""
        first = tuple(cells.first(SHOWN_ROWS))
        self._problems.append(BadRows(cells.file, cells.column, what, remedy, cells.count, first))

    def finding(self, kind: str, detail: str, column: str | None = None, severity: Severity = Severity.INFO) -> None:
        """Write down something worth knowing."""
        self._findings.append(Finding(kind, severity, column, detail))

    def count(
        self, kind: str, file: str, rows: int, what: str, column: str | None = None, *, even_none: bool = False
    ) -> None:
        """Write down on how many rows of a file something was seen; of none only where that is worth knowing."""
        self._findings.append(Count(kind, file, rows, what, column, even_none))

    def add_parts(self, parts: Sequence["Journal"]) -> None:
        """Write down what came up in the parts of one file, as if it had been read whole."""
        self._problems += _put_together_problems([each for part in parts for each in part._problems])
        self._findings += _put_together_findings([each for part in parts for each in part._findings])

    def stop_if_problems(self) -> None:
        """Raise DataError with all problems so far, if there are any."""
        problems = self.problems
        if problems:
            raise DataError(problems)


def _put_together_problems(found: list[Problem | BadRows]) -> list[Problem | BadRows]:
    together: dict[object, Problem | BadRows] = {}
    for each in found:
        key = each.check if isinstance(each, BadRows) else each
        before = together.get(key)
        if isinstance(each, BadRows) and isinstance(before, BadRows):
            together[key] = before.plus(each)
        else:
            together.setdefault(key, each)
    return list(together.values())


def _put_together_findings(found: list[Finding | Count]) -> list[Finding | Count]:
    together: dict[Finding | Count, Finding | Count] = {}
    for each in found:
        key = replace(each, rows=0) if isinstance(each, Count) else each
        before = together.get(key)
        if isinstance(each, Count) and isinstance(before, Count):
            together[key] = replace(before, rows=before.rows + each.rows)
        else:
            together.setdefault(key, each)
    return list(together.values())
