"""The newest comparison is found, and the oldest ones go."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import func, select

from features.store import Store
from features.store.drift_reports import KEPT, DriftReport, keep_drift, newest_drift
from features.store.schema import drift_reports

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)


def test_there_is_none_before_the_first_comparison(store: Store) -> None:
    with store.reading() as connection:
        assert newest_drift(connection) is None


def test_the_newest_is_given_whole_and_no_more_are_kept_than_are_worth_it(store: Store) -> None:
    made = [DriftReport(NOW + timedelta(days=day), "3", "warning", {"shifts": [day]}) for day in range(KEPT + 2)]
    with store.writing() as connection:
        for each in [*made[1:], made[0]]:  # a clock that went back makes none the newest
            keep_drift(connection, each)
        assert connection.execute(select(func.count()).select_from(drift_reports)).scalar_one() == KEPT
        assert connection.execute(select(func.min(drift_reports.c.found_at))).scalar_one() == made[2].found_at
    with store.reading() as connection:
        assert newest_drift(connection) == made[-1]
