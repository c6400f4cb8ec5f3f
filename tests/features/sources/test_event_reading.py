"""The events table: whose they are, when, and how often the same one counts."""

from datetime import UTC, datetime

import polars as pl

from features.tables import EVENTS_SCHEMA
from tests.features.sources.conftest import TIMED, Folder, details

EVENTS = """
[events]
file = "events.csv"
lead_id = "who"
occurred_at = "when"
type = "what"
content = "which"
event_id = "event"
"""
LEADS_CSV = "id,won,at,x\na,yes,2026-01-01,1\nb,no,2026-01-02,2\n"
HEADER = "event,who,when,what,which\n"


def written(folder: Folder, rows: str) -> Folder:
    folder.write("leads.csv", LEADS_CSV)
    folder.write("events.csv", HEADER + rows)
    return folder


def test_events_are_read_in_the_files_order(folder: Folder) -> None:
    rows = "1,b,2026-01-01T10:00:00Z,download, guide \n2,a,2025-12-01 10:00,page_view,\n"
    events = written(folder, rows).tables(TIMED + EVENTS).events
    assert dict(events.schema) == EVENTS_SCHEMA
    assert events.rows() == [
        ("b", datetime(2026, 1, 1, 10, tzinfo=UTC), "download", "guide"),
        ("a", datetime(2025, 12, 1, 9, tzinfo=UTC), "page_view", None),
    ]


def test_without_content_and_id_columns_events_have_neither(folder: Folder) -> None:
    rows = "1,b,2026-01-01,download,guide\n1,b,2026-01-01,download,guide\n"
    toml = TIMED + EVENTS.replace('content = "which"', "").replace('event_id = "event"', "")
    assert written(folder, rows).tables(toml).events["content"].to_list() == [None, None]


def test_a_repeated_event_id_counts_once_and_events_without_one_all_count(folder: Folder) -> None:
    row = "a,2026-01-01T10:00:00Z,download,x\n"
    tables = written(folder, f"1,{row}1,{row}2,{row},{row},{row}1,{row}").tables(TIMED + EVENTS)
    assert tables.events.height == 4
    assert details(tables.notes, "repeated") == ["events.csv: 2 rows repeat an event id and are left out"]


def test_an_event_id_that_two_leads_share_repeats_nothing(folder: Folder) -> None:
    rows = "".join(f"1,{lead},2026-01-01T10:00Z,download,x\n" for lead in "abba")
    assert written(folder, rows).tables(TIMED + EVENTS).events["lead_id"].to_list() == ["a", "b"]


def test_every_bad_cell_of_the_events_is_named(folder: Folder) -> None:
    rows = "1,b,2026-01-01,download,\n2,,2026-01-01,download,\n3,a,soon,download,\n4,a,,download,\n5,a,2026-01-01,,\n"
    assert written(folder, rows).problems(TIMED + EVENTS) == [
        "events.csv, row 3, column 'who': is missing; write the lead's id, or take the row out",
        "events.csv, row 4, column 'when': 'soon' is not a date; write it as 2026-03-01 or 2026-03-01T10:00:00Z",
        "events.csv, row 5, column 'when': is missing; write when it happened, or take the row out",
        "events.csv, row 6, column 'what': is missing; write what the lead did, or take the row out",
    ]


def test_an_event_of_an_unknown_lead_is_a_problem(folder: Folder) -> None:
    rows = "1,b,2026-01-01,download,\n2,c,2026-01-01,download,\n"
    assert written(folder, rows).problems(TIMED + EVENTS) == [
        "events.csv, row 3, column 'who': 'c' is no lead of the leads file; "
        'add the lead to the leads file, or say unknown_leads = "ignore" in [events]'
    ]


def test_events_of_unknown_leads_are_left_out_where_the_config_says_so(folder: Folder) -> None:
    rows = "1,b,2026-01-01,download,\n2,c,never,,\n3,,2026-01-01,download,\n"
    tables = written(folder, rows).tables(TIMED + EVENTS + 'unknown_leads = "ignore"')
    assert tables.events["lead_id"].to_list() == ["b"]
    assert "events.csv: 2 events of leads that are not in the leads file are ignored" in details(tables.notes, "unused")


def test_events_of_types_that_the_config_excludes_are_left_out_and_counted(folder: Folder) -> None:
    rows = "1,b,2026-01-01,download,\n2,b,2026-01-01,deal won,\n3,b,2026-01-02,deal won,\n"
    tables = written(folder, rows).tables(TIMED + EVENTS + 'exclude = ["deal won"]')
    assert tables.events["type"].to_list() == ["download"]
    assert "events.csv: 2 events of types that [events] exclude names are left out" in details(tables.notes, "unused")


def test_ids_of_different_types_are_the_same_lead(folder: Folder) -> None:
    table = pl.DataFrame({"id": [1, 2], "won": ["yes", "no"], "at": ["2026-01-01", "2026-01-02"], "x": [1, 2]})
    folder.write("leads.parquet", table)
    folder.write("events.csv", HEADER + "1,2,2026-01-01,download,\n")
    tables = folder.tables(TIMED.replace(".csv", ".parquet") + EVENTS)
    assert tables.events["lead_id"].to_list() == ["2"]


def test_all_columns_that_the_events_lack_are_named(folder: Folder) -> None:
    folder.write("leads.csv", LEADS_CSV)
    folder.write("events.csv", "event,whom,when,sort,which\n1,a,2026-01-01,x,y\n")
    assert folder.problems(TIMED + EVENTS) == [
        "events.csv: 'who' is not a column of the file, though [events] lead_id names it; did you mean 'whom'?",
        "events.csv: 'what' is not a column of the file, though [events] type names it; did you mean 'whom'?",
    ]


def test_dates_without_a_time_of_day_are_warned_of(folder: Folder) -> None:
    tables = written(folder, "1,b,2026-01-01,download,\n").tables(TIMED + EVENTS)
    assert any("has dates without a time of day" in detail for detail in details(tables.notes, "time"))
    tables = written(folder, "1,b,2026-01-01 10:00,download,\n").tables(TIMED + EVENTS)
    assert not any("has dates without a time of day" in detail for detail in details(tables.notes, "time"))


def test_events_make_up_for_leads_without_attributes(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,at\na,yes,2026-01-01\nb,no,2026-01-02\n")
    folder.write("events.csv", HEADER + "1,b,2026-01-01,download,\n")
    assert folder.tables(TIMED + EVENTS).attributes == ()
