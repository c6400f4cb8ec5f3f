"""Time is cut into the company's own months and weeks, or into so many leads."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import polars as pl
import pytest

from features.errors import DataError
from features.tables import INSTANT
from training.over_time.periods import Period, cut_periods, parse_every, parse_start

MADRID = ZoneInfo("Europe/Madrid")
NO_TIMES = pl.Series([None] * 10, dtype=INSTANT)


def every_day(days: int, first: datetime = datetime(2026, 1, 1, 12, tzinfo=UTC)) -> pl.Series:
    """Give the times of one lead a day."""
    return pl.Series([first + timedelta(days=day) for day in range(days)], dtype=INSTANT)


def test_months_are_whole_and_the_last_one_ends_with_the_leads() -> None:
    periods = cut_periods(every_day(120), "month", date(2026, 2, 1), MADRID)

    assert [(each.name, each.start, each.end) for each in periods] == [
        ("2026-02", 31, 59),
        ("2026-03", 59, 90),
        ("2026-04", 90, 120),
    ]
    assert periods[0].begins == datetime(2026, 1, 31, 23, tzinfo=UTC)
    assert periods[2].begins == datetime(2026, 3, 31, 22, tzinfo=UTC)  # summer time


def test_a_start_within_a_month_waits_for_the_next_one() -> None:
    assert cut_periods(every_day(120), "month", 0.5, MADRID)[0].name == "2026-04"
    assert cut_periods(every_day(120), "month", date(2026, 2, 2), MADRID)[0].name == "2026-03"


def test_weeks_begin_on_monday() -> None:
    periods = cut_periods(every_day(30), "week", date(2026, 1, 12), MADRID)

    assert periods[0] == Period("week of 2026-01-12", 11, 18, datetime(2026, 1, 11, 23, tzinfo=UTC))
    assert [each.end - each.start for each in periods] == [7, 7, 5]


def test_a_month_without_leads_is_no_period() -> None:
    times = pl.concat([every_day(40), every_day(10, datetime(2026, 5, 10, tzinfo=UTC))])

    assert [each.name for each in cut_periods(times, "month", date(2026, 2, 1), MADRID)] == ["2026-02", "2026-05"]


def test_leads_that_know_only_their_order_are_cut_by_number() -> None:
    assert cut_periods(NO_TIMES, 4, 0.3, MADRID) == (
        Period("leads 4 to 7", 3, 7, None),
        Period("leads 8 to 10", 7, 10, None),
    )


def test_numbers_of_leads_that_have_a_time_begin_with_the_first_of_them() -> None:
    first, second = cut_periods(every_day(10), 3, 0.5, MADRID)

    assert (first.name, first.start, first.end) == ("2026-01-06, leads 6 to 8", 5, 8)
    assert second.begins == datetime(2026, 1, 9, 12, tzinfo=UTC)


@pytest.mark.parametrize(("every", "start"), [("month", 0.5), ("week", 0.5), (5, date(2026, 1, 1))])
def test_months_weeks_and_days_need_a_hand_over_time(every: str | int, start: date | float) -> None:
    with pytest.raises(DataError, match=r"no hand-over time .* give --every 600-rows and --start 0.7"):
        cut_periods(NO_TIMES, every, start, MADRID)


def test_a_start_after_the_last_lead_is_refused() -> None:
    with pytest.raises(DataError, match="no whole period begins after the oldest 30 of 30 leads"):
        cut_periods(every_day(30), "month", date(2030, 1, 1), MADRID)


@pytest.mark.parametrize("text", ["fortnight", "0-rows", "600 rows", "-5-rows", ""])
def test_what_is_no_period_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(DataError, match="is no period; give month, week, or a number of leads as in 600-rows"):
        parse_every(text)


@pytest.mark.parametrize("text", ["2026-13-01", "1.5", "0", "nan", "soon"])
def test_what_is_no_start_is_refused_with_what_is(text: str) -> None:
    with pytest.raises(DataError, match="is no start; give a day as in 2026-03-01, or the share"):
        parse_start(text)
