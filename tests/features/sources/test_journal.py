"""Journals of the parts of a file, put together, read as the journal of the whole."""

import polars as pl

from features.sources.journal import BadCells, Journal


def bad_cells(rows: list[int]) -> BadCells:
    return BadCells("events.csv", "when", pl.Series(rows, dtype=pl.Int64), pl.Series([f"cell {row}" for row in rows]))


def note(journal: Journal, rows: list[int], repeats: int) -> Journal:
    journal.bad_cells(bad_cells([]), "is missing", "write it")
    journal.bad_cells(bad_cells(rows), "is not a date", "mend it")
    journal.problem("could be either", "say which", "events.csv")
    journal.count("repeated", "events.csv", repeats, "rows repeat an event id")
    journal.finding("time", "events.csv: has dates without a time of day")
    return journal


def test_parts_put_together_are_the_whole() -> None:
    whole, together = note(Journal(), [2, 3, 4, 5, 9, 10, 11], 7), Journal()
    together.add_parts([note(Journal(), *part) for part in (([2, 5, 9], 4), ([], 0), ([3, 4, 10, 11], 3))])
    assert together.problems == whole.problems
    assert together.findings == whole.findings
    assert [problem.row for problem in together.problems] == [2, 3, 4, 5, 9, None, None]


def test_a_count_of_none_is_said_only_where_that_is_worth_knowing() -> None:
    journal = Journal()
    journal.count("repeated", "events.csv", 0, "rows repeat an event id")
    journal.count("unused", "events.csv", 0, "events are of excluded types", even_none=True)
    assert [finding.detail for finding in journal.findings] == ["events.csv: 0 events are of excluded types"]
