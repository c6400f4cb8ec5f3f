"""The events of a table up to `as of`, sorted: each lead's stand together, and within them those of one type."""

from collections.abc import Sequence

import polars as pl

from features.catalog import Catalog
from features.lead_places import lead_places
from features.primitives.instants import DAY_US

EVENTS_AT_ONCE = 4_000_000  # a run; bounds the memory: making one takes some 300 MB


def own_types(catalog: Catalog) -> tuple[str, ...]:
    """Give the event types that have features of their own."""
    return tuple(event_type for event_type in catalog.over_events if event_type is not None)


def sorted_events(leads: pl.DataFrame, events: pl.DataFrame, catalog: Catalog) -> list[pl.DataFrame]:
    """Give the events that count in runs, each sorted by `group` and with the columns of `past_events`.

    A lead's events fall into a group for each of the n `own_types`, and one for all others: `group` is UInt64, the
    lead's place in `leads` times n + 1, plus the type's place. Types and contents are codes. Events after `as of`, of
    excluded types and of leads that are not in `leads` are gone.
    """
    types = _types(events["type"], own_types(catalog))
    coded = events.with_columns(_content_codes(events))
    runs = coded.iter_slices(EVENTS_AT_ONCE) if events.height else [coded]
    return [_placed(leads, run, catalog, types) for run in runs]


def _types(types: pl.Series, own: Sequence[str]) -> pl.Enum:
    """Give the code of each type: its place among those with features of their own, the others from there on."""
    found = types.unique().drop_nulls().to_list()
    return pl.Enum(list(dict.fromkeys([*own, *found])))


def _content_codes(events: pl.DataFrame) -> pl.Series:
    """Give each content as a number, equal for equal contents; null where it is not known."""
    known = pl.when(pl.col("content") != "").then(pl.col("content"))
    codes = known.cast(pl.Categorical(pl.Categories.random())).to_physical()
    return events.select(codes.alias("content")).to_series()


def _placed(leads: pl.DataFrame, events: pl.DataFrame, catalog: Catalog, types: pl.Enum) -> pl.DataFrame:
    """Give the events that count, sorted."""
    own = len(own_types(catalog))
    places = lead_places(leads, events)
    age_us = (leads["as_of"].gather(places) - pl.col("occurred_at")).dt.total_microseconds()
    type_code = pl.col("type").cast(types).to_physical()
    of_lead = type_code.cast(pl.UInt64).clip(upper_bound=own).fill_null(own)
    return (
        events.lazy()
        .with_columns(age_us=age_us, place=places)
        .filter(pl.col("age_us") >= 0, ~pl.col("type").is_in(catalog.excluded_event_types).fill_null(value=False))
        .select(
            (pl.col("place").cast(pl.UInt64) * (own + 1) + of_lead).alias("group"),
            "age_us",
            (pl.col("occurred_at").dt.epoch("us") // DAY_US).cast(pl.Int32).alias("day"),
            type_code.alias("type"),
            "content",
        )
        .sort("group")
        .collect(engine="in-memory")
    )
