"""Learning as of an earlier day uses what was known when it ended, and nothing later."""

from datetime import UTC, datetime, timedelta

import polars as pl
import pytest

from features.errors import DataError
from features.labels import label_leads
from features.tables import EVENTS_SCHEMA, INSTANT, OUTCOMES_SCHEMA, Tables
from training.over_time.until import tables_before

THEN = datetime(2026, 6, 1, tzinfo=UTC)
DAY = timedelta(days=1)
HORIZON_DAYS = 90


def leads_of(handed_over: dict[str, datetime | None], label: int | None = None) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "lead_id": list(handed_over),
            "as_of": pl.Series(list(handed_over.values()), dtype=INSTANT),
            "arrival": range(len(handed_over)),
            "label": pl.Series([label] * len(handed_over), dtype=pl.Int8),
        }
    )


def tables_of(leads: pl.DataFrame, outcomes: list[tuple[str, datetime | None, str]] | None) -> Tables:
    did = [("old", THEN - DAY), ("old", THEN), ("later", THEN - DAY)]
    events = pl.DataFrame([(lead_id, at, "visit", None) for lead_id, at in did], schema=EVENTS_SCHEMA, orient="row")
    rows = None if outcomes is None else [(*each, None) for each in outcomes]
    decided = None if rows is None else pl.DataFrame(rows, schema=OUTCOMES_SCHEMA, orient="row")
    return Tables(leads, events, decided, (), THEN + 200 * DAY)


LEADS: dict[str, datetime | None] = {
    "old": THEN - 100 * DAY,
    "slow": THEN - 99 * DAY,
    "young": THEN - 89 * DAY,
    "later": THEN,
}
DECIDED: list[tuple[str, datetime | None, str]] = [
    ("old", THEN - 50 * DAY, "sql"),
    ("slow", THEN, "sql"),
    ("young", THEN - DAY, "sql"),
    ("later", THEN + DAY, "sql"),
    ("old", None, "unworked"),
]


def test_leads_events_and_decisions_of_later_are_not_there() -> None:
    then = tables_before(tables_of(leads_of(LEADS), DECIDED), THEN, HORIZON_DAYS)
    assert then.leads["lead_id"].to_list() == ["old", "slow", "young"]
    assert then.events.select("lead_id", "occurred_at").rows() == [("old", THEN - DAY)]
    assert then.outcomes is not None
    assert then.outcomes["lead_id"].to_list() == ["old", "young"]
    assert then.known_until == THEN
    assert then.notes[-1].detail == "of 4 leads the 3 that had come by 2026-06-01 00:00 are learned from"


def test_a_lead_whose_horizon_had_not_passed_is_young_whatever_is_known_today() -> None:
    then = tables_before(tables_of(leads_of(LEADS), DECIDED), THEN, HORIZON_DAYS)
    assert label_leads(then, HORIZON_DAYS).fate.to_list() == ["sql", "unworked", "young"]


def test_a_label_that_stands_with_the_lead_is_known_once_its_horizon_has_passed() -> None:
    then = tables_before(tables_of(leads_of(LEADS, label=1), None), THEN, HORIZON_DAYS)
    assert then.leads["label"].to_list() == [1, 1, None]


def test_what_was_known_until_earlier_stays_so() -> None:
    tables = tables_of(leads_of(LEADS), DECIDED)
    assert tables_before(tables, THEN + 900 * DAY, HORIZON_DAYS).known_until == tables.known_until


@pytest.mark.parametrize(
    ("handed_over", "moment", "said"),
    [
        ({"a": None, "b": THEN}, THEN, "no hand-over time to learn as of an earlier day by; name the column in"),
        ({"a": THEN}, THEN, "no lead had been handed over by then: the first came on 2026-06-01; give a later day"),
    ],
)
def test_what_cannot_be_is_refused(handed_over: dict[str, datetime | None], moment: datetime, said: str) -> None:
    with pytest.raises(DataError, match=said):
        tables_before(tables_of(leads_of(handed_over), []), moment, HORIZON_DAYS)
