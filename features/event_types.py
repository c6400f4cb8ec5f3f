"""Which event types are common enough to have features of their own."""

from math import ceil

import polars as pl

from features.lead_places import lead_places

MOST = 20  # types with features of their own; the rest still counts in the features over all types
ENOUGH_LEADS = 20
ENOUGH_SHARE = 0.005
ENOUGH_SHARE_OF_FEW = 0.05  # where 20 would be more than this share of the leads, this share is enough


def known_event_types(leads: pl.DataFrame, events: pl.DataFrame) -> tuple[str, ...]:
    """Give the event types seen up to `as of` on enough of these leads, those on most leads first.

    `leads` are the training leads alone: what only newer leads do must not shape the model.
    """
    counts = _leads_by_type(leads, events)
    common = [kind for kind, count in counts.items() if count >= enough_leads(leads.height)]
    return tuple(sorted(common, key=lambda kind: (-counts[kind], kind))[:MOST])


def _leads_by_type(leads: pl.DataFrame, events: pl.DataFrame) -> dict[str, int]:
    """Give on how many leads each type was seen up to `as of`."""
    kinds = events["type"].unique().drop_nulls().to_list()
    places = lead_places(leads, events)
    code = events["type"].cast(pl.Enum(kinds)).to_physical().cast(pl.UInt64)
    seen = events["occurred_at"] <= leads["as_of"].gather(places)
    pairs = (code * leads.height + places).filter(seen).drop_nulls().sort()
    distinct = pairs.filter(pairs.ne_missing(pairs.shift()))
    return {kinds[at]: count for at, count in (distinct // max(1, leads.height)).value_counts().iter_rows()}


def enough_leads(leads: int) -> int:
    """Give on how many of so many leads a type must be seen.

    >>> [enough_leads(leads) for leads in (10, 100, 400, 4_000, 100_000)]
    [1, 5, 20, 20, 500]
    """
    of_few = min(ENOUGH_LEADS, ceil(ENOUGH_SHARE_OF_FEW * leads))
    return max(1, of_few, ceil(ENOUGH_SHARE * leads))
