"""The leads table: ids, label, and the order in which leads came in."""

from datetime import UTC, datetime

import polars as pl
import pytest

from features.findings import Severity
from features.sources.arrival import arrival_of
from tests.features.sources.conftest import LABEL, LEADS, TIMED, Folder, details


def test_a_lead_without_an_id_is_named(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\na,yes,1\n ,no,2\n")
    assert folder.problems(LEADS) == [
        "leads.csv, row 3, column 'id': is missing; write the lead's id, or take the row out"
    ]


def test_a_lead_given_twice_is_named_with_both_rows(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\na,yes,1\nb,no,2\n a ,no,3\nb,no,4\nb,no,5\n")
    remedy = "give each lead one row"
    assert folder.problems(LEADS) == [
        f"leads.csv, row 4, column 'id': 'a' is also the lead of row 2; {remedy}",
        f"leads.csv, row 5, column 'id': 'b' is also the lead of row 3; {remedy}",
        f"leads.csv, row 6, column 'id': 'b' is also the lead of row 3; {remedy}",
    ]


def test_of_many_leads_given_twice_the_first_are_named_and_the_rest_counted(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\n" + "a,yes,1\n" * 2 + "b,no,2\n" * 318)
    problems = folder.problems(LEADS)
    assert len(problems) == 6
    assert problems[-1] == "leads.csv, column 'id': and 313 more rows like this; give each lead one row"


def test_without_an_id_column_the_row_is_the_id(folder: Folder) -> None:
    folder.write("leads.csv", "won,x\nyes,1\n\nno,2\n")
    assert folder.tables(LEADS.replace('id = "id"', "")).leads["lead_id"].to_list() == ["row 2", "row 4"]


@pytest.mark.parametrize(
    ("positive", "cells", "label"),
    [
        ('["yes"]', ["Yes", "no", "", "N/A", "maybe"], [1, 0, None, None, 0]),
        ('["1"]', ["1", "1.0", "0", "", "0.0"], [1, 1, 0, None, 0]),
        ("[1, true]", ["1", "TRUE", "false", "0", ""], [1, 1, 0, 0, None]),
        ('["won", "SQL"]', ["Won", "sql", "lost", "", "NA"], [1, 1, 0, None, None]),
    ],
)
def test_positive_words_are_sqls_other_words_are_not_and_empty_is_not_known(
    folder: Folder, positive: str, cells: list[str], label: list[int | None]
) -> None:
    folder.write("leads.csv", "id,won,x\n" + "".join(f"{at},{cell},1\n" for at, cell in enumerate(cells)))
    assert folder.tables(LEADS.replace('["yes"]', positive)).leads["label"].to_list() == label


def test_a_positive_word_that_no_cell_holds_is_warned_of(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\na,yes,1\nb,no,2\n")
    tables = folder.tables(LEADS.replace('["yes"]', '["yes", "yess"]'))
    note = next(note for note in tables.notes if note.severity is Severity.WARNING)
    assert note.detail == "leads.csv: no cell is the positive word 'yess': did you mean 'yes'?"


def test_a_label_with_one_class_is_a_problem_that_shows_the_words_found(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\na,Won,1\nb,Lost,2\nc,Lost,2\nd,,2\n")
    assert folder.problems(LEADS) == [
        "leads.csv, column 'won': has one class: 0 of 3 filled cells are positive (found are 'lost', 'won'); "
        "training needs both; check positive = ['yes'] in [leads] label, "
        "or start without: say which rate to expect, as rate = 0.2 in [priors]"
    ]


@pytest.mark.parametrize("cells", ["Lost,Lost", "Yes,yes", ","])
def test_one_class_is_read_where_the_company_declares_a_rate_to_start_from(folder: Folder, cells: str) -> None:
    first, second = cells.split(",")
    folder.write("leads.csv", f"id,won,x\na,{first},1\nb,{second},2\n")
    label = folder.tables(LEADS + "[priors]\nrate = 0.2\n").leads["label"]
    assert set(label) == {{"Lost": 0, "Yes": 1, "": None}[first]}


def test_a_label_that_nobody_has_filled_yet_is_read(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\na,,1\nb,,2\n")
    assert folder.tables(LEADS).leads["label"].to_list() == [None, None]


def test_without_label_and_outcomes_nothing_can_be_learnt(folder: Folder) -> None:
    folder.write("leads.csv", "id,x\na,1\nb,2\n")
    assert folder.problems(LEADS.replace(LABEL, "")) == [
        "leadsift.toml: nothing says which leads became SQLs; "
        "name the column in [leads] label, or the table of decisions in [outcomes]"
    ]


def test_the_hand_over_orders_the_leads_and_ties_stay_in_the_files_order(folder: Folder) -> None:
    rows = "a,yes,2026-01-03,1\nb,no,2026-01-01,2\nc,no,2026-01-03,3\nd,no,2026-01-02,4\n"
    folder.write("leads.csv", "id,won,at,x\n" + rows)
    tables = folder.tables(TIMED)
    assert tables.leads["arrival"].to_list() == [2, 0, 3, 1]
    assert tables.leads["arrival"].dtype == pl.Int64
    assert tables.known_until == datetime(2026, 1, 2, 23, tzinfo=UTC)


@pytest.mark.parametrize(
    ("cells", "arrival"),
    [
        (["3", "1", "3", "2"], [2, 0, 3, 1]),
        (["10", "9", "1.5", "-1"], [3, 2, 1, 0]),
        (["Dec", "Feb", "June", "feb"], [3, 0, 2, 1]),
        (["Sept", "may", "MAY", "August"], [3, 0, 1, 2]),
        (["2026-03-01", "2025-03-01", "2026-02", "2026-03-01"], [2, 0, 1, 3]),
    ],
)
def test_numbers_months_and_dates_order_the_leads(folder: Folder, cells: list[str], arrival: list[int]) -> None:
    rows = "".join(f"{at},{'yes' if at else 'no'},{cell},1\n" for at, cell in enumerate(cells))
    folder.write("leads.csv", f"id,won,no,x\n{rows}")
    tables = folder.tables(LEADS + 'order = "no"')
    assert tables.leads["arrival"].to_list() == arrival
    assert tables.leads["as_of"].null_count() == 4
    assert [each.name for each in tables.attributes] == ["x"]


def test_cells_without_a_place_in_the_order_are_named(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,no,x\na,yes,Jan,1\nb,no,Febr,2\nc,no,,3\nd,no,Mar,3\n")
    assert folder.problems(LEADS + 'order = "no"') == [
        "leads.csv, row 4, column 'no': is missing; write the lead's place, or say nothing of [leads] order",
        "leads.csv, row 3, column 'no': 'Febr' has no place in an order; "
        "write numbers, dates, or months as Jan or January, the same way in all rows",
    ]


def test_without_time_and_order_leads_came_in_as_the_rows_stand(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,x\nb,yes,1\na,no,2\n")
    tables = folder.tables(LEADS)
    assert tables.leads["arrival"].to_list() == [0, 1]
    assert tables.known_until is None
    assert details(tables.notes, "order") == [
        "leads.csv: leads are taken to have come in as the rows stand, the oldest first"
    ]


def test_arrival_is_what_a_stable_sort_gives() -> None:
    values = [5, 1, 5, 3, 1, 1, 9]
    places = {at: place for place, at in enumerate(sorted(range(len(values)), key=values.__getitem__))}
    assert arrival_of(pl.Series(values)).to_list() == [places[at] for at in range(len(values))]
