"""Every event of a file gets an id that is the same each time."""

from datetime import UTC, datetime

import polars as pl

from features.sources.event_ids import with_event_ids
from features.tables import EVENTS_SCHEMA

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
VISIT = ("a", NOON, "visit", None)


def ids(rows: list[tuple[object, ...]], cells: list[object] | None = None) -> list[str]:
    events = pl.DataFrame(rows, schema=EVENTS_SCHEMA, orient="row")
    return with_event_ids(events, None if cells is None else pl.Series(cells))["event_id"].to_list()


def test_ids_of_the_file_stay_as_they_are() -> None:
    assert ids([VISIT, VISIT], ["e-1", " e-1 "]) == ["e-1", "e-1"]
    assert ids([VISIT, VISIT], [7.0, 8.0]) == ["7", "8"]


def test_what_happened_twice_without_an_id_happened_twice() -> None:
    first, second, other = ids([VISIT, VISIT, ("a", NOON, "visit", "tour")])
    assert len({first, second, other}) == 3
    assert ids([VISIT, ("b", NOON, "visit", None), VISIT])[::2] == [first, second]


def test_a_missing_cell_gets_an_id_and_one_that_is_too_long_a_shorter_one() -> None:
    made, long, again = ids([VISIT, VISIT, VISIT], [None, "x" * 201, "x" * 201])
    assert [made] == ids([VISIT])
    assert long == again
    assert long != made
    assert len(long) < 50
