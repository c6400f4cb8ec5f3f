"""The features of whole tables, in Polars."""

from collections.abc import Iterable, Sequence
from itertools import groupby
from math import ceil
from typing import cast

import polars as pl

from features.catalog import Catalog
from features.errors import DataError
from features.feature import Feature
from features.primitives import AttributePrimitive, EventPrimitive
from features.primitives.instants import DAY_US
from features.problems import Problem
from features.tables import ATTRIBUTE_PREFIX

EVENTS_AT_ONCE = 4_000_000  # bounds the memory; a part is about 1 GB at most


def feature_table(leads: pl.DataFrame, events: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Give a row of features per lead, in the order of `leads`: Float64, or String for a category, missing is null.

    Every value depends on its own lead and that lead's events alone, so tables may be cut anywhere between leads.
    Events of leads without `as_of` raise DataError: nothing says which of them were known.
    """
    attributes = [_attribute_expression(feature) for feature in catalog.features if not _reads_events(feature)]
    columns = leads.select(attributes).get_columns() if attributes else []
    if catalog.event_types:
        _refuse_undated(leads, events)
        columns += _event_columns(leads, events, catalog).get_columns()
    return pl.DataFrame(columns).select(catalog.names)


def _reads_events(feature: Feature) -> bool:
    return isinstance(feature.primitive, EventPrimitive)


def _attribute_expression(feature: Feature) -> pl.Expr:
    assert isinstance(feature.primitive, AttributePrimitive)
    column = pl.col(ATTRIBUTE_PREFIX + feature.name)
    return feature.primitive.expression(column, pl.col("as_of")).alias(feature.name)


def _refuse_undated(leads: pl.DataFrame, events: pl.DataFrame) -> None:
    undated = events.join(leads.filter(pl.col("as_of").is_null()), on="lead_id", how="semi")
    if undated.height:
        what = f"{undated.height:,} events are of leads without a time of hand-over, the first of lead"
        remedy = "fill in the hand-over time, or leave the events out"
        raise DataError([Problem(f"{what} {undated['lead_id'][0]!r}", remedy)])


def _event_columns(leads: pl.DataFrame, events: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    parts = max(1, ceil(events.height / EVENTS_AT_ONCE))
    height = max(1, ceil(leads.height / parts))
    starts = range(0, max(1, leads.height), height)
    return pl.concat([_part(leads.slice(start, height), events, catalog) for start in starts])


def _part(leads: pl.DataFrame, events: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    past = _past_events(leads, events, catalog.excluded_event_types)
    rows = pl.DataFrame({"row": pl.int_range(leads.height, dtype=pl.UInt32, eager=True)})
    columns = []
    for event_type, features in _by_type(catalog):
        columns += _type_columns(rows, past, event_type, features).get_columns()
    return pl.DataFrame(columns)


def _by_type(catalog: Catalog) -> list[tuple[str | None, list[Feature]]]:
    features = filter(_reads_events, catalog.features)
    return [
        (event_type, list(group)) for event_type, group in groupby(features, key=lambda feature: feature.event_type)
    ]


def _past_events(leads: pl.DataFrame, events: pl.DataFrame, excluded: Sequence[str]) -> pl.DataFrame:
    """Give the events up to `as of` with the columns of `past_event`, and `row`, their lead's place in `leads`."""
    lead_rows = leads.lazy().select("lead_id", "as_of").with_row_index("row")
    age_us = (pl.col("as_of") - pl.col("occurred_at")).dt.total_microseconds()
    day = pl.col("occurred_at").dt.epoch("us") // DAY_US
    return (
        events.lazy()
        .join(lead_rows, on="lead_id")
        .select("row", "type", "content", age_us=age_us, day=day)
        .filter(pl.col("age_us") >= 0, ~pl.col("type").is_in(excluded).fill_null(value=False))
        .collect(engine="in-memory")
    )


def _type_columns(
    rows: pl.DataFrame, past: pl.DataFrame, event_type: str | None, features: Iterable[Feature]
) -> pl.DataFrame:
    primitives = {feature.name: cast("EventPrimitive", feature.primitive) for feature in features}
    chosen = past if event_type is None else past.filter(pl.col("type") == event_type)
    found = (
        chosen.lazy()
        .select("row", *(primitive.expression().alias(name) for name, primitive in primitives.items()))
        .group_by("row")
        .agg(primitive.of_group(pl.col(name)).alias(name) for name, primitive in primitives.items())
        .collect(engine="in-memory")
    )
    filled = (pl.col(name).fill_null(pl.lit(primitive.no_events)) for name, primitive in primitives.items())
    return rows.join(found, on="row", how="left", maintain_order="left").select(filled)
