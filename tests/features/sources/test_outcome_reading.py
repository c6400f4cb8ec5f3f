"""The table of what sales decided."""

from datetime import UTC, datetime

import pytest

from features.tables import OUTCOMES_SCHEMA
from tests.features.sources.conftest import LABEL, TIMED, Folder, details

TOML = (
    TIMED.replace(LABEL, "")
    + """
[outcomes]
file = "outcomes.csv"
lead_id = "who"
decided_at = "when"
outcome = "result"
reason = "why"
values = { sql = ["Qualified", "SQL"], rejected = ["Disqualified"], recycled = ["Nurture"], unworked = ["New"] }
"""
)
LEADS_CSV = "id,at,x\na,2026-01-01T10:00,1\nb,2026-01-02T10:00,2\n"
HEADER = "who,when,result,why\n"


def written(folder: Folder, rows: str) -> Folder:
    folder.write("leads.csv", LEADS_CSV)
    folder.write("outcomes.csv", HEADER + rows)
    return folder


def test_outcomes_are_read_with_the_crms_words_in_any_case(folder: Folder) -> None:
    rows = "a,2026-02-01T10:00Z,qualified,\nb,2026-02-02T10:00Z,NURTURE,no budget\nb,2026-03-02T10:00Z,rejected,\n"
    outcomes = written(folder, rows).tables(TOML).outcomes
    assert outcomes is not None
    assert dict(outcomes.schema) == OUTCOMES_SCHEMA
    assert outcomes.rows() == [
        ("a", datetime(2026, 2, 1, 10, tzinfo=UTC), "sql", None),
        ("b", datetime(2026, 2, 2, 10, tzinfo=UTC), "recycled", "no budget"),
        ("b", datetime(2026, 3, 2, 10, tzinfo=UTC), "rejected", None),
    ]


def test_each_unknown_word_is_named_once_with_the_nearest(folder: Folder) -> None:
    rows = "a,2026-02-01,Qualifyed,\nb,2026-02-01,Qualifyed,\nb,2026-02-02,zzz,\n"
    problems = written(folder, rows).problems(TOML)
    assert problems[0] == (
        "outcomes.csv, row 2, column 'result': 'Qualifyed' is no outcome that [outcomes] values names (on 2 rows); "
        "add it to sql, rejected, recycled or unworked there; did you mean 'Qualified'?"
    )
    assert problems[1].startswith("outcomes.csv, row 4, column 'result': 'zzz' is no outcome")
    assert len(problems) == 2


def test_many_unknown_words_are_counted(folder: Folder) -> None:
    problems = written(folder, "".join(f"a,2026-02-01,w{at}x,\n" for at in range(9))).problems(TOML)
    assert len(problems) == 6
    assert problems[-1] == ("outcomes.csv, column 'result': and 4 more words like this; add each to [outcomes] values")


def test_every_bad_cell_of_the_outcomes_is_named(folder: Folder) -> None:
    rows = "c,2026-02-01,SQL,\n,2026-02-01,SQL,\na,2026-02-01,,\na,,SQL,\na,later,SQL,\n"
    assert written(folder, rows).problems(TOML) == [
        "outcomes.csv, row 3, column 'who': is missing; write the lead's id, or take the row out",
        "outcomes.csv, row 2, column 'who': 'c' is no lead of the leads file; "
        "add the lead to the leads file, or take the row out",
        "outcomes.csv, row 4, column 'result': is missing; write the outcome, or take the row out",
        "outcomes.csv, row 6, column 'when': 'later' is not a date; write it as 2026-03-01 or 2026-03-01T10:00:00Z",
        "outcomes.csv, row 5, column 'when': is missing; write when sales decided, or take the row out",
    ]


def test_an_unworked_lead_needs_no_time(folder: Folder) -> None:
    outcomes = written(folder, "a,,New,\nb,2026-02-01,SQL,\n").tables(TOML).outcomes
    assert outcomes is not None
    assert outcomes["decided_at"].null_count() == 1


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-01-01", datetime(2026, 1, 1, 9, tzinfo=UTC)),  # the day of the hand-over: with it
        ("2026-01-02", datetime(2026, 1, 1, 23, tzinfo=UTC)),  # a later day: its start
        ("2025-12-31", datetime(2025, 12, 30, 23, tzinfo=UTC)),  # an earlier day: before the hand-over
        ("2026-01-01 08:00", datetime(2026, 1, 1, 7, tzinfo=UTC)),  # the time of day is known
    ],
)
def test_a_decision_on_the_day_of_the_hand_over_is_not_before_it(folder: Folder, cell: str, moment: datetime) -> None:
    outcomes = written(folder, f"a,{cell},SQL,\nb,2026-02-01,Disqualified,\n").tables(TOML).outcomes
    assert outcomes is not None
    assert outcomes["decided_at"][0] == moment


def test_all_columns_that_the_outcomes_lack_are_named(folder: Folder) -> None:
    folder.write("leads.csv", LEADS_CSV)
    folder.write("outcomes.csv", "who,whenn,result\na,2026-01-01,x\n")
    assert [line.partition(";")[0] for line in folder.problems(TOML)] == [
        "outcomes.csv: 'when' is not a column of the file, though [outcomes] decided_at names it",
        "outcomes.csv: 'why' is not a column of the file, though [outcomes] reason names it",
    ]


def test_the_newest_moment_of_any_table_is_known_and_said(folder: Folder) -> None:
    tables = written(folder, "a,2026-02-01T10:00Z,SQL,\n").tables(TOML)
    assert tables.known_until == datetime(2026, 2, 1, 10, tzinfo=UTC)
    assert details(tables.notes, "time") == ["the newest (UTC): hand-over 2026-01-02 09:00, decision 2026-02-01 10:00"]
