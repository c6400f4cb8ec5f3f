"""Which event types get features of their own: common ones, as the training leads alone show them."""

from datetime import UTC, datetime, timedelta

import polars as pl

from features.catalog import known_event_types
from features.event_types import MOST
from features.tables import EVENTS_SCHEMA, INSTANT

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)
TICK = timedelta(microseconds=1)


def leads_of(count: int) -> pl.DataFrame:
    as_of = pl.Series([AS_OF] * count, dtype=INSTANT)
    return pl.DataFrame({"lead_id": [str(place) for place in range(count)], "as_of": as_of})


def events_of(counts: dict[str, int], occurred_at: datetime = AS_OF, repeats: int = 1) -> pl.DataFrame:
    rows = [(str(place), occurred_at, kind, None) for kind, count in counts.items() for place in range(count)]
    return pl.DataFrame(rows * repeats, schema=EVENTS_SCHEMA, orient="row")


def test_types_on_most_leads_come_first_and_ties_go_by_name() -> None:
    events = events_of({"webinar": 30, "page_view": 50, "download": 30})
    assert known_event_types(leads_of(60), events) == ("page_view", "download", "webinar")


def test_a_type_on_too_few_leads_is_left_to_the_overall_features() -> None:
    events = events_of({"common": 20, "rare": 19}, repeats=5)
    assert known_event_types(leads_of(400), events) == ("common",)


def test_of_few_leads_five_percent_are_enough() -> None:
    assert known_event_types(leads_of(40), events_of({"common": 2, "rare": 1})) == ("common",)


def test_what_happened_after_as_of_or_to_other_leads_is_not_seen() -> None:
    later = events_of({"later": 30}, AS_OF + TICK)
    others = events_of({"others": 30}).with_columns(pl.lit("other-").add(pl.col("lead_id")).alias("lead_id"))
    events = pl.concat([events_of({"seen": 30}), later, others])
    assert known_event_types(leads_of(60), events) == ("seen",)


def test_types_are_bounded() -> None:
    events = events_of({f"type {number:02}": 30 for number in range(MOST + 5)})
    assert known_event_types(leads_of(60), events) == tuple(f"type {number:02}" for number in range(MOST))


def test_no_events_give_no_types() -> None:
    assert known_event_types(leads_of(60), events_of({})) == ()


def test_leads_without_as_of_have_seen_nothing() -> None:
    undated = leads_of(60).with_columns(as_of=pl.lit(None, INSTANT))
    assert known_event_types(undated, events_of({"download": 60})) == ()
