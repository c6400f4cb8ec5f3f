"""The features of whole tables, in Polars."""

import polars as pl

from features.catalog import Catalog
from features.compute.event_columns import event_columns
from features.errors import DataError
from features.problems import Problem
from features.tables import ATTRIBUTE_PREFIX


def feature_table(leads: pl.DataFrame, events: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Give a row of features per lead, in the order of `leads`: Float64, or String for a category, missing is null.

    Every value depends on its own lead and that lead's events alone, so tables may be cut anywhere between leads.
    Events of leads without `as_of` raise DataError: nothing says which of them were known.
    """
    attributes = [
        primitive.expression(pl.col(ATTRIBUTE_PREFIX + name), pl.col("as_of")).alias(name)
        for name, primitive in catalog.over_attributes.items()
    ]
    columns = leads.select(attributes).get_columns() if attributes else []
    if catalog.over_events:
        _refuse_undated(leads, events)
        columns += event_columns(leads, events, catalog).get_columns()
    return pl.DataFrame(columns).select(catalog.names)


def _refuse_undated(leads: pl.DataFrame, events: pl.DataFrame) -> None:
    undated = events.join(leads.filter(pl.col("as_of").is_null()), on="lead_id", how="semi")
    if undated.height:
        what = f"{undated.height:,} events are of leads without a time of hand-over, the first of lead"
        remedy = "fill in the hand-over time, or leave the events out"
        raise DataError([Problem(f"{what} {undated['lead_id'][0]!r}", remedy)])
