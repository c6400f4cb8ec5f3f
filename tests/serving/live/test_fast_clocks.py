"""Events from a clock that is a little fast have happened; events far ahead have not."""

from datetime import timedelta

import polars as pl

from features.store.events import StoredEvent
from features.tables import EVENTS_SCHEMA
from serving.live.fast_clocks import CLOCK_TOLERANCE, happened, happened_table
from tests.serving.live.conftest import NOW

SECOND = timedelta(seconds=1)
MOMENTS = [NOW - SECOND, NOW, NOW + SECOND, NOW + CLOCK_TOLERANCE, NOW + CLOCK_TOLERANCE + SECOND]
EXPECTED = [NOW - SECOND, NOW, NOW, NOW]


def test_one_by_one_and_as_a_table_the_same_events_count_as_just_now() -> None:
    events = [StoredEvent(str(at), "a", "download", moment) for at, moment in enumerate(MOMENTS)]
    assert [event.occurred_at for event in happened(events, NOW)] == EXPECTED
    columns = {"lead_id": "a", "occurred_at": MOMENTS, "type": "download", "content": None}
    table = pl.DataFrame(columns, schema=EVENTS_SCHEMA)
    assert happened_table(table, NOW)["occurred_at"].to_list() == EXPECTED
