"""Events that seem to lie a little in the future: they happened, and the clock of their sender is fast."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import polars as pl

from features.store.events import StoredEvent
from features.tables import INSTANT

CLOCK_TOLERANCE = timedelta(minutes=5)  # between a sender's clock and ours


def happened(events: Sequence[StoredEvent], now: datetime) -> list[StoredEvent]:
    """Give the events that have happened by `now`, those from a fast clock as happening just now."""
    return [
        event if event.occurred_at <= now else replace(event, occurred_at=now)
        for event in events
        if event.occurred_at <= now + CLOCK_TOLERANCE
    ]


def happened_table(events: pl.DataFrame, now: datetime) -> pl.DataFrame:
    """Give the same of a table of events."""
    past = events.filter(pl.col("occurred_at") <= now + CLOCK_TOLERANCE)
    return past.with_columns(pl.min_horizontal("occurred_at", pl.lit(now, dtype=INSTANT)).alias("occurred_at"))
