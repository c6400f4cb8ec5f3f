"""Which event types are common enough to have features of their own."""

from math import ceil

import polars as pl

MOST = 20  # types with features of their own; the rest still counts in the features over all types
ENOUGH_LEADS = 20
ENOUGH_SHARE = 0.005
ENOUGH_SHARE_OF_FEW = 0.05  # where 20 would be more than this share of the leads, this share is enough


def known_event_types(leads: pl.DataFrame, events: pl.DataFrame) -> tuple[str, ...]:
    """Give the event types seen up to `as of` on enough of these leads, those on most leads first.

    `leads` are the training leads alone: what only newer leads do must not shape the model.
    """
    seen = (
        events.lazy()
        .select("lead_id", "type", "occurred_at")
        .join(leads.lazy().select("lead_id", "as_of").with_row_index("row"), on="lead_id")
        .filter(pl.col("occurred_at") <= pl.col("as_of"))
        .group_by("type")
        .agg(leads=pl.col("row").n_unique())
        .filter(pl.col("leads") >= enough_leads(leads.height))
        .sort(["leads", "type"], descending=[True, False])
        .head(MOST)
        .collect(engine="in-memory")
    )
    return tuple(seen["type"])


def enough_leads(leads: int) -> int:
    """Give on how many of so many leads a type must be seen.

    >>> [enough_leads(leads) for leads in (10, 100, 400, 4_000, 100_000)]
    [1, 5, 20, 20, 500]
    """
    of_few = min(ENOUGH_LEADS, ceil(ENOUGH_SHARE_OF_FEW * leads))
    return max(1, of_few, ceil(ENOUGH_SHARE * leads))
