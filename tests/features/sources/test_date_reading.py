"""Dates and times as exports write them, on the company's clocks."""

from datetime import UTC, date, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.sources.date_text import parse_dates
from features.sources.day_order import DayOrder
from features.sources.local_time import localize
from tests.features.sources.conftest import TIMED, Folder

MADRID = ZoneInfo("Europe/Madrid")


def wall(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour)  # noqa: DTZ001 - what a clock on a wall shows


def read(*cells: str | None) -> list[datetime | None]:
    return parse_dates(pl.Series(cells, dtype=pl.String), MADRID, None).instants.to_list()


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2026-03-01", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("2026/3/1", datetime(2026, 2, 28, 23, tzinfo=UTC)),
        ("2026-07", datetime(2026, 6, 30, 22, tzinfo=UTC)),
        ("2026-03-01 10:00", datetime(2026, 3, 1, 9, tzinfo=UTC)),
        ("2026-03-01T10:00:05.25", datetime(2026, 3, 1, 9, 0, 5, 250_000, tzinfo=UTC)),
        ("2026-03-01T10:00:00Z", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01 10:00:00 UTC", datetime(2026, 3, 1, 10, tzinfo=UTC)),
        ("2026-03-01T10:00:00+05:30", datetime(2026, 3, 1, 4, 30, tzinfo=UTC)),
        ("2026-03-01T10:00:00-0330", datetime(2026, 3, 1, 13, 30, tzinfo=UTC)),
        ("2026-03-01T10:00:00.123456789+01", datetime(2026, 3, 1, 9, 0, 0, 123_456, tzinfo=UTC)),
        ("31.12.2025 23:30", datetime(2025, 12, 31, 22, 30, tzinfo=UTC)),
        ("01.02.2025", datetime(2025, 1, 31, 23, tzinfo=UTC)),
        ("12/31/2025 11:30 PM", datetime(2025, 12, 31, 22, 30, tzinfo=UTC)),
        ("12/31/2025, 12:05 a.m.", datetime(2025, 12, 30, 23, 5, tzinfo=UTC)),
        ("12/31/2025 12:05 p", datetime(2025, 12, 31, 11, 5, tzinfo=UTC)),
    ],
)
def test_each_way_of_writing_a_date_is_read(cell: str, instant: datetime) -> None:
    assert read(cell) == [instant]


@pytest.mark.parametrize(
    "cell",
    [
        "soon",
        "2026-02-30",
        "2026-13-01",
        "2026-03-01 25:00",
        "2026-03-01 13:00 PM",
        "2026-03-01 10:61",
        "1767225600",
        "20260301",
        "1/2/26",
        "2026-03-01T10:00:00+25:99x",
    ],
)
def test_what_is_no_date_is_none(cell: str) -> None:
    assert read(cell) == [None]


@pytest.mark.parametrize(
    ("cells", "order", "first"),
    [
        (["01/02/2026", "13/02/2026"], DayOrder.DAY_FIRST, date(2026, 2, 1)),
        (["01/02/2026", "02/13/2026"], DayOrder.MONTH_FIRST, date(2026, 1, 2)),
        (["01-02-2026", "2026-05-05", "28-02-2026"], DayOrder.DAY_FIRST, date(2026, 2, 1)),
        (["01.02.2026"], DayOrder.DAY_FIRST, date(2026, 2, 1)),
    ],
)
def test_all_rows_tell_whether_day_or_month_comes_first(cells: list[str], order: DayOrder, first: date) -> None:
    dates = parse_dates(pl.Series(cells), ZoneInfo("UTC"), None)
    assert dates.order is order
    assert dates.instants.dt.date()[0] == first


def test_dates_that_could_be_either_ask_for_the_format(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,at,x\na,yes,01/02/2026,1\nb,no,03/04/2026,2\n")
    assert folder.problems(TIMED) == [
        "leads.csv, column 'at': '01/02/2026' could have the day or the month first, as all dates of the column; "
        'say date_format = "DD/MM/YYYY" or "MM/DD/YYYY" in leadsift.toml, in the section of this file'
    ]


@pytest.mark.parametrize(("said", "month"), [("DD/MM/YYYY", 2), ("MM/DD/YYYY", 1)])
def test_a_date_format_that_is_said_is_taken(folder: Folder, said: str, month: int) -> None:
    folder.write("leads.csv", "id,won,at,x\na,yes,01/02/2026 12:00,1\nb,no,03/04/2026 12:00,2\n")
    toml = TIMED.replace("[leads]", f'[leads]\ndate_format = "{said}"')
    assert folder.tables(toml).leads["as_of"].dt.month()[0] == month


def test_a_date_that_does_not_fit_the_rest_is_named_with_how_the_rest_is_read(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,at,x\na,yes,13/02/2026,1\nb,no,02/13/2026,2\n")
    assert folder.problems(TIMED) == [
        "leads.csv, row 3, column 'at': '02/13/2026' is not a date (all rows are read as DD/MM/YYYY); "
        "write it as 2026-03-01 or 2026-03-01T10:00:00Z"
    ]


def test_a_cell_that_is_no_date_is_named(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,at,x\na,yes,2026-01-01,1\nb,no,soon,2\n")
    assert folder.problems(TIMED) == [
        "leads.csv, row 3, column 'at': 'soon' is not a date; write it as 2026-03-01 or 2026-03-01T10:00:00Z"
    ]


@pytest.mark.parametrize("cell", ["9999-12-31", "0001-01-01", "1899-12-30"])
def test_a_date_that_stands_for_none_is_named(folder: Folder, cell: str) -> None:
    folder.write("leads.csv", f"id,won,at,x\na,yes,2026-01-01,1\nb,no,{cell},2\n")
    assert folder.problems(TIMED) == [
        f"leads.csv, row 3, column 'at': '{cell}' is not from 1900 to 2100; "
        "write it as 2026-03-01 or 2026-03-01T10:00:00Z"
    ]


def test_a_lead_without_its_hand_over_is_named(folder: Folder) -> None:
    folder.write("leads.csv", "id,won,at,x\na,yes,2026-01-01,1\nb,no,,2\n")
    assert folder.problems(TIMED) == [
        "leads.csv, row 3, column 'at': is missing; write when marketing handed the lead over"
    ]


@pytest.mark.parametrize(
    "times",
    [
        pytest.param(pl.Series([wall(2026, 7, 1, 12), wall(2026, 1, 1, 12)]), id="naive, on local clocks"),
        pytest.param(
            pl.Series([datetime(2026, 7, 1, 10, tzinfo=UTC), datetime(2026, 1, 1, 11, tzinfo=UTC)]), id="with a zone"
        ),
        pytest.param(
            pl.Series([wall(2026, 7, 1, 12), wall(2026, 1, 1, 12)], dtype=pl.Datetime("ns")), id="nanoseconds"
        ),
        pytest.param(pl.Series(["2026-07-01 12:00", "2026-01-01T12:00:00+01:00"]), id="text"),
    ],
)
def test_times_of_parquet_are_read_whatever_their_type(folder: Folder, times: pl.Series) -> None:
    folder.write("leads.parquet", pl.DataFrame({"id": ["a", "b"], "won": ["yes", "no"], "at": times, "x": [1, 2]}))
    tables = folder.tables(TIMED.replace(".csv", ".parquet"))
    assert tables.leads["as_of"].to_list() == [
        datetime(2026, 7, 1, 10, tzinfo=UTC),
        datetime(2026, 1, 1, 11, tzinfo=UTC),
    ]
    assert tables.leads["as_of"].dtype == pl.Datetime("us", "UTC")


def test_days_of_parquet_are_the_start_of_the_local_day(folder: Folder) -> None:
    at = [date(2026, 7, 1), date(2026, 1, 1)]
    folder.write("leads.parquet", pl.DataFrame({"id": ["a", "b"], "won": ["yes", "no"], "at": at, "x": [1, 2]}))
    assert folder.tables(TIMED.replace(".csv", ".parquet")).leads["as_of"][0] == datetime(2026, 6, 30, 22, tzinfo=UTC)


def test_numbers_are_no_times(folder: Folder) -> None:
    table = pl.DataFrame({"id": ["a", "b"], "won": ["yes", "no"], "at": [1_767_225_600, 3], "x": [1, 2]})
    folder.write("leads.parquet", table)
    assert folder.problems(TIMED.replace(".csv", ".parquet"))[0] == (
        "leads.parquet, row 2, column 'at': '1767225600' is not a date; write it as 2026-03-01 or 2026-03-01T10:00:00Z"
    )


ZONES = ["Europe/Madrid", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu", "UTC"]


@settings(max_examples=200)
@given(st.datetimes(wall(1972, 1, 1), wall(2037, 1, 1)), st.sampled_from(ZONES))
def test_local_times_are_what_python_makes_of_them(local: datetime, zone: str) -> None:
    expected = local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)
    assert localize(pl.Series([local]), ZoneInfo(zone)).to_list() == [expected]


@pytest.mark.parametrize("zone", ["Europe/Madrid", "Australia/Lord_Howe", "Pacific/Apia"])
def test_times_in_the_gaps_and_overlaps_of_clocks_are_what_python_makes_of_them(zone: str) -> None:
    start = wall(2011, 12, 28) if zone == "Pacific/Apia" else wall(2026, 3, 1)
    walls = [start + timedelta(minutes=30 * step) for step in range(48 * 250)]
    expected = [local.replace(tzinfo=ZoneInfo(zone)).astimezone(UTC) for local in walls]
    assert localize(pl.Series(walls), ZoneInfo(zone)).to_list() == expected


@settings(max_examples=100)
@given(st.datetimes(wall(1900, 1, 2), wall(2099, 1, 1)), st.integers(-14 * 60, 14 * 60))
def test_what_isoformat_writes_is_read_back(moment: datetime, offset_minutes: int) -> None:
    written = moment.replace(tzinfo=timezone(timedelta(minutes=offset_minutes)))
    assert read(written.isoformat()) == [written.astimezone(UTC)]
