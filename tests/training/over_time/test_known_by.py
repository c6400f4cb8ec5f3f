"""At an earlier moment nothing is known that came later."""

from datetime import UTC, datetime, timedelta

import numpy as np
import polars as pl

from features.tables import INSTANT, OUTCOMES_SCHEMA, Tables, no_events
from training.over_time.known_by import known_by
from training.over_time.periods import Period

DAY = timedelta(days=1)
START = datetime(2026, 1, 1, tzinfo=UTC)
NOW = START + 10 * DAY  # when the period begins; the horizon is 3 days


def tables(as_of: list[datetime] | None, label: list[int] | None, outcomes: pl.DataFrame | None) -> Tables:
    n = 6
    leads = pl.DataFrame(
        {
            "lead_id": [str(at) for at in range(n)],
            "as_of": pl.Series(as_of or [None] * n, dtype=INSTANT),
            "arrival": range(n),
            "label": pl.Series(label or [None] * n, dtype=pl.Int8),
        }
    )
    return Tables(leads, no_events(), outcomes, (), None)


TIMES = [START + days * DAY for days in (0, 1, 6, 7, 8, 11)]
Y = np.array([1.0, 0.0, 1.0, 0.0, 1.0, 0.0])


def test_by_order_alone_every_earlier_lead_is_known() -> None:
    known = known_by(tables(None, [1, 0, 1, 0, 1, 0], None), Y, Period("", 4, 6, None), 3)

    assert known.tolist() == [1, 0, 1, 0]


def test_a_label_is_known_once_the_horizon_has_passed() -> None:
    known = known_by(tables(TIMES, [1, 0, 1, 0, 1, 0], None), Y, Period("", 5, 6, NOW), 3)

    np.testing.assert_array_equal(known, [1, 0, 1, 0, np.nan])  # that of day 7 is exactly three days old


def test_a_decision_counts_from_the_moment_it_was_made() -> None:
    decided = pl.DataFrame(
        {
            "lead_id": ["0", "1", "2", "3", "4"],
            "decided_at": [START + days * DAY for days in (1, 12, 7, 8, 9)],
            "outcome": ["sql", "rejected", "sql", "rejected", "sql"],
            "reason": [None] * 5,
        },
        schema=OUTCOMES_SCHEMA,
    )
    known = known_by(tables(TIMES, None, decided), Y, Period("", 5, 6, NOW), 3)

    # the second was decided after the period began; the last is too young, though decided
    np.testing.assert_array_equal(known, [1, np.nan, 1, 0, np.nan])
