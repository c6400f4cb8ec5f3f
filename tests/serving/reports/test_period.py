"""A report of which no day is asked is of the last six months."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from serving.reports.lead_filter import LeadFilter
from serving.reports.period import months_before, within_months

NEW_YEAR = datetime(2025, 12, 31, 23, 30, tzinfo=UTC)  # in Madrid, the new year has begun


def test_the_period_begins_on_the_companys_day_six_months_ago() -> None:
    asked = LeadFilter(owner="Ada")
    assert within_months(asked, NEW_YEAR, ZoneInfo("Europe/Madrid")) == LeadFilter(since=date(2025, 7, 1), owner="Ada")
    assert within_months(asked, NEW_YEAR, ZoneInfo("UTC")) == LeadFilter(since=date(2025, 6, 30), owner="Ada")


@pytest.mark.parametrize("asked", [LeadFilter(since=date(2020, 1, 1)), LeadFilter(until=date(2020, 1, 1))])
def test_a_day_that_is_asked_stays(asked: LeadFilter) -> None:
    assert within_months(asked, NEW_YEAR, ZoneInfo("UTC")) == asked


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2024, 8, 31), 6, date(2024, 2, 29)),
        (date(2026, 1, 31), 2, date(2025, 11, 30)),
        (date(2026, 12, 5), 12, date(2025, 12, 5)),
        (date(2026, 3, 5), 0, date(2026, 3, 5)),
    ],
)
def test_a_shorter_month_ends_the_day(day: date, months: int, before: date) -> None:
    assert months_before(day, months) == before
