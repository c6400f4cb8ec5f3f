"""Which columns are attributes, of what kind, and what their cells may hold."""

from datetime import UTC, datetime

import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.findings import Severity
from tests.features.sources.conftest import LABEL, LEADS, TIMED, Folder, details


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        (["1", "2.5", " 3e2 ", ""], Kind.NUMBER, [1.0, 2.5, 300.0, None]),
        (["1", "0", "1"], Kind.NUMBER, [1.0, 0.0, 1.0]),
        (["1", "NA", "N/A", "null", "NaN", "#N/A"], Kind.NUMBER, [1.0, None, None, None, None, None]),
        (["Yes", "no", "YES", ""], Kind.FLAG, [1.0, 0.0, 1.0, None]),
        (["TRUE", "false", "N/A"], Kind.FLAG, [1.0, 0.0, None]),
        (["yes", "yes"], Kind.FLAG, [1.0, 1.0]),
        (["yes", "no", "unknown"], Kind.CATEGORY, ["yes", "no", "unknown"]),
        (["y", "n"], Kind.CATEGORY, ["y", "n"]),
        ([" a ", "none", "unknown", "NA", "N/A", " "], Kind.CATEGORY, ["a", "none", "unknown", "NA", None, None]),
        (["007", "x-1"], Kind.CATEGORY, ["007", "x-1"]),
        (["5 %", "6 %"], Kind.CATEGORY, ["5 %", "6 %"]),
    ],
)
def test_the_kind_is_inferred_from_the_cells(
    folder: Folder, cells: list[str], kind: Kind, values: list[object]
) -> None:
    assert folder.attribute(cells).to_list() == values
    assert folder.tables(LEADS).attributes == (Attribute("x", Side.FIT, kind),)


@pytest.mark.parametrize(
    ("kind", "cells", "values"),
    [
        ("category", ["010", "20"], ["010", "20"]),
        ("flag", ["1", "0", "y", "N", "true", ""], [1.0, 0.0, 1.0, 0.0, 1.0, None]),
        ("number", ["7", "", "-8"], [7.0, None, -8.0]),
    ],
)
def test_a_kind_that_is_said_is_taken(folder: Folder, kind: str, cells: list[str], values: list[object]) -> None:
    assert folder.attribute(cells, f'{{ column = "x", kind = "{kind}" }}').to_list() == values


def test_a_few_cells_that_are_no_number_are_named_in_a_column_of_numbers(folder: Folder) -> None:
    cells = [*map(str, range(60)), "12O", "forty"]
    remedy = 'write a number or leave it empty; or say kind = "category" in [features]'
    assert folder.attribute_problems(cells) == [
        f"leads.csv, row 62, column 'x': '12O' is not a number; {remedy}",
        f"leads.csv, row 63, column 'x': 'forty' is not a number; {remedy}",
    ]


def test_a_column_with_one_word_in_twenty_is_a_category(folder: Folder) -> None:
    cells = [*map(str, range(19)), "forty"]
    assert folder.attribute(cells).to_list() == cells


def test_of_many_bad_cells_the_first_are_named_and_the_rest_counted(folder: Folder) -> None:
    problems = folder.attribute_problems(["1", *["bad"] * 318], '{ column = "x", kind = "number" }')
    assert len(problems) == 6
    assert problems[4].startswith("leads.csv, row 7, column 'x': 'bad'")
    assert problems[5].startswith("leads.csv, column 'x': and 313 more rows like this")


def test_one_more_bad_cell_is_one_row(folder: Folder) -> None:
    problems = folder.attribute_problems(["1", *["bad"] * 6], '{ column = "x", kind = "number" }')
    assert problems[5].startswith("leads.csv, column 'x': and 1 more row like this")


def test_a_cell_that_is_neither_yes_nor_no_is_named(folder: Folder) -> None:
    assert folder.attribute_problems(["yes", "maybe"], '{ column = "x", kind = "flag" }') == [
        "leads.csv, row 3, column 'x': 'maybe' is neither yes nor no; write yes, no or leave it empty"
    ]


@pytest.mark.parametrize("cell", ["1e999", "-2e15", "1000000000000001"])
def test_numbers_beyond_reach_are_refused(folder: Folder, cell: str) -> None:
    assert folder.attribute_problems(["1", cell]) == [
        f"leads.csv, row 3, column 'x': '{cell}' is beyond 1e+15; mend it or leave it empty"
    ]


def test_numbers_up_to_the_end_of_reach_are_read(folder: Folder) -> None:
    assert folder.attribute(["1e15", "-1e15"]).to_list() == [1e15, -1e15]


@pytest.mark.parametrize("name", ["employees", "Number of Employees", "headcount", "Company Size", "staff_total"])
def test_a_negative_head_count_is_refused(folder: Folder, name: str) -> None:
    assert folder.attribute_problems(["10", "-5", "0"], f'"{name}"', name) == [
        f"leads.csv, row 3, column '{name}': '-5' is below 0, the least that can be; "
        "mend it, or leave it empty where it is not known"
    ]


@pytest.mark.parametrize("name", ["employee_growth", "temperature", "staffing score change"])
def test_other_numbers_may_be_negative(folder: Folder, name: str) -> None:
    assert folder.attribute(["10", "-5"], f'"{name}"', name).to_list() == [10.0, -5.0]


def test_declared_bounds_hold_with_both_ends_allowed(folder: Folder) -> None:
    column = '{ column = "x", min = 1, max = 10 }'
    assert folder.attribute(["1", "10", ""], column).to_list() == [1.0, 10.0, None]
    assert [line.partition(";")[0] for line in folder.attribute_problems(["0.5", "11"], column)] == [
        "leads.csv, row 2, column 'x': '0.5' is below 1, the least that can be",
        "leads.csv, row 3, column 'x': '11' is above 10, the most that can be",
    ]


def test_a_declared_minimum_wins_over_the_head_counts_own(folder: Folder) -> None:
    assert folder.attribute(["-1", "5"], '{ column = "staff", min = -1 }', "staff").to_list() == [-1.0, 5.0]


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["1,5", "2"], [1.5, 2.0]),
        (["1.234,5", "-2"], [1234.5, -2.0]),
        (["1.234.567,5", ",5"], [1234567.5, 0.5]),
    ],
)
def test_a_decimal_comma_is_found_out(folder: Folder, cells: list[str], values: list[float]) -> None:
    folder.write("leads.csv", f"id;won;x\na;yes;{cells[0]}\nb;no;{cells[1]}\n")
    tables = folder.tables(LEADS)
    assert tables.leads["attr:x"].to_list() == values
    assert details(tables.notes, "decimal") == ["leads.csv: numbers have a decimal comma, as in x"]


def test_thousands_with_a_decimal_point_are_read(folder: Folder) -> None:
    assert folder.attribute(['"1,234.5"', '"12,000.0"']).to_list() == [1234.5, 12000.0]


def test_numbers_that_could_be_read_both_ways_ask_for_the_decimal_mark(folder: Folder) -> None:
    folder.write("leads.csv", "id;won;x\na;yes;1,234\nb;no;2,345\n")
    assert folder.problems(LEADS) == [
        "leads.csv, column 'x': '1,234' could have a decimal comma or not; "
        'say decimal = "," or decimal = "." in leadsift.toml, in the section of this file'
    ]


@pytest.mark.parametrize(("mark", "values"), [(",", [1.234, 2.345]), (".", [1234.0, 2345.0])])
def test_a_decimal_mark_that_is_said_is_taken(folder: Folder, mark: str, values: list[float]) -> None:
    folder.write("leads.csv", "id;won;x\na;yes;1,234\nb;no;2,345\n")
    assert folder.tables(LEADS.replace("[leads]", f'[leads]\ndecimal = "{mark}"')).leads["attr:x"].to_list() == values


def test_a_column_with_a_point_beside_one_with_a_comma_is_warned_of(folder: Folder) -> None:
    folder.write("leads.csv", "id;won;x;y\na;yes;1,5;1.5\nb;no;2,5;3.5\n")
    note = next(note for note in folder.tables(LEADS).notes if note.kind == "decimal")
    assert note.severity is Severity.WARNING
    assert "decimal comma in x, decimal point in y" in note.detail


def test_without_a_fit_list_all_columns_not_named_elsewhere_are_fit(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,at,sector,visits,secret\na,yes,2026-01-01,x,1,p\nb,no,2026-01-02,y,2,q\n")
    toml = TIMED.replace(LABEL, LABEL + '\nexclude = ["secret"]') + '[features]\nengagement = ["visits"]'
    sides = {each.name: each.side for each in folder.tables(toml).attributes}
    assert sides == {"visits": Side.ENGAGEMENT, "sector": Side.FIT}


def test_columns_that_are_not_listed_are_said_to_be_unused(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x,y\na,yes,1,2\nb,no,3,4\n")
    tables = folder.tables(LEADS + '[features]\nfit = ["x"]')
    assert tables.leads.columns == ["lead_id", "as_of", "arrival", "label", "attr:x"]
    assert details(tables.notes, "unused") == ["leads.csv: column 'y' is not listed under [features]"]


def test_excluding_a_column_that_is_not_there_is_a_warning(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\na,yes,1\nb,no,3\n")
    tables = folder.tables(LEADS + 'exclude = ["gone"]')
    warnings = [note for note in tables.notes if note.severity is Severity.WARNING]
    assert [note.detail for note in warnings] == ["leads.csv has no column 'gone', though [leads] exclude names it"]


def test_a_column_without_a_value_is_left_out_with_a_warning(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x,y\na,yes,,1\nb,no,NA,2\n")
    tables = folder.tables(LEADS)
    assert [each.name for each in tables.attributes] == ["y"]
    assert details(tables.notes, "unused") == ["leads.csv: column 'x' holds no single value in any row"]


def test_a_listed_column_that_is_not_there_is_named_with_the_nearest(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,Sector\na,yes,1\nb,no,3\n")
    assert folder.problems(LEADS + '[features]\nfit = ["sectr"]')[0] == (
        "leads.csv: 'sectr' is not a column of the file, though [features] fit names it; did you mean 'Sector'?"
    )


def test_without_any_feature_or_event_there_is_nothing_to_learn_from(folder: Folder) -> None:
    folder.write("leads.csv", "id,won\na,yes\nb,no\n")
    assert folder.problems(LEADS) == [
        "leads.csv: there is nothing to learn from; "
        "list columns under [features], or give what the leads did in [events]"
    ]


def test_dates_are_attributes_where_the_hand_over_is_known(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,at,since\na,yes,2026-01-01,2020-07-01\nb,no,2026-01-02,\n")
    tables = folder.tables(TIMED)
    assert tables.attributes == (Attribute("since", Side.FIT, Kind.DATE),)
    assert tables.leads["attr:since"].to_list() == [datetime(2020, 6, 30, 22, tzinfo=UTC), None]


def test_dates_without_a_hand_over_are_left_out_with_a_warning(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x,since\na,yes,1,2020-07-01\nb,no,2,2020-07-02\n")
    tables = folder.tables(LEADS)
    assert [each.name for each in tables.attributes] == ["x"]
    assert "column 'since' holds dates" in details(tables.notes, "unused")[0]


def test_parquet_columns_keep_their_types(folder: Folder) -> None:
    table = pl.DataFrame(
        {
            "id": [1, 2],
            "won": [True, False],
            "n": [1.5, float("nan")],
            "i": [3, None],
            "f": [True, None],
            "c": pl.Series(["p", None], dtype=pl.Categorical),
            "zip": [8001, 8002],
            "list": [[1], [2]],
        }
    )
    folder.write("leads.parquet", table)
    toml = LEADS.replace(".csv", ".parquet").replace('"yes"', '"true"')
    tables = folder.tables(toml + '[features]\nengagement = [{ column = "zip", kind = "category" }]')
    assert {each.name: each.kind.value for each in tables.attributes} == {
        "zip": "category",
        "n": "number",
        "i": "number",
        "f": "flag",
        "c": "category",
    }
    assert tables.leads.select(pl.exclude("as_of", "arrival")).to_dicts() == [
        {"lead_id": "1", "label": 1, "attr:zip": "8001", "attr:n": 1.5, "attr:i": 3.0, "attr:f": 1.0, "attr:c": "p"},
        {
            "lead_id": "2",
            "label": 0,
            "attr:zip": "8002",
            "attr:n": None,
            "attr:i": None,
            "attr:f": None,
            "attr:c": None,
        },
    ]


def test_infinite_numbers_of_parquet_are_refused(folder: Folder) -> None:
    folder.write("leads.parquet", pl.DataFrame({"id": [1, 2], "won": ["yes", "no"], "x": [1.0, float("-inf")]}))
    assert folder.problems(LEADS.replace(".csv", ".parquet")) == [
        "leads.parquet, row 3, column 'x': '-inf' is beyond 1e+15; mend it or leave it empty"
    ]


def test_a_file_that_is_no_parquet_is_refused(folder: Folder) -> None:
    folder.write("leads.parquet", b"id,won\na,yes\n")
    (line,) = folder.problems(LEADS.replace(".csv", ".parquet"))
    assert line.startswith("leads.parquet: cannot be read as Parquet (")
    assert line.endswith("write the file again, or save it as CSV")


def test_parquet_without_rows_is_refused(folder: Folder) -> None:
    folder.write("leads.parquet", pl.DataFrame({"id": ["a"], "won": ["yes"], "x": [1]}).clear())
    assert folder.problems(LEADS.replace(".csv", ".parquet")) == [
        "leads.parquet: has no rows; put one row per lead, event or decision"
    ]
