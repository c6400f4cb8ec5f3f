"""What the leak guard searches: the leads with a known outcome, oldest first, as they were at their hand-over."""

from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.attributes import Attribute, Kind
from features.tables import Tables, column_of
from training.known_leads import known_leads
from training.measuring.metrics import Floats

MOST_LEADS = 200_000  # searched; a leak shows in fewer
MOST_EVENT_TYPES = 200  # the most common
BLOCKS_OF_ARRIVAL = 20


@dataclass(frozen=True)
class Column:
    """An attribute of the searched leads. `values` is typed as its kind says, null where missing."""

    name: str
    kind: Kind
    values: pl.Series
    as_of: pl.Series

    @cached_property
    def comparable(self) -> pl.Series:
        """The values as text or number; a date as its seconds from the hand-over where that is known."""
        if self.kind is not Kind.DATE:
            return self.values
        return (self.values - self.as_of).dt.total_seconds() if self.as_of.count() else self.values.dt.epoch("s")

    @cached_property
    def filled(self) -> NDArray[np.bool_]:
        """Whether each lead has a value, bool[leads]."""
        return self.values.is_not_null().to_numpy()

    @cached_property
    def levels(self) -> pl.Series:
        """The distinct values, sorted."""
        return self.values.drop_nulls().unique().sort()

    @cached_property
    def codes(self) -> NDArray[np.intp]:
        """Each lead's value as its place in `levels`, int[leads]; -1 where it is missing."""
        ranks = self.values.rank("dense").cast(pl.Int64) - 1
        return np.asarray(ranks.fill_null(-1).to_numpy(), dtype=np.intp)


@dataclass(frozen=True)
class Searched:
    """The searched leads and what is known of them.

    y: float64[leads] of 1 and 0. columns: the attributes. event_counts: how many events of each type each lead has up
    to its hand-over, float64[leads], by type. older: how many of the leads are trained on before the holdout.
    """

    leads: pl.DataFrame
    y: Floats
    columns: tuple[Column, ...]
    event_counts: dict[str, Floats]
    older: int


def searched_leads(tables: Tables, y: Floats, allowed: Collection[str], holdout_share: float) -> Searched:
    """Give what is to be searched; of very many leads a sample, even in time. What is `allowed` by name is left out.

    `y` is float64[leads] of 1 and 0, NaN for a lead left out.
    """
    rows = evenly(known_leads(tables.leads, y))
    leads = tables.leads[rows]
    columns = columns_of(leads, tables.attributes, allowed)
    counts = _event_counts(leads, tables.events, allowed)
    return Searched(leads, y[rows], columns, counts, round(len(rows) * (1 - holdout_share)))


def columns_of(leads: pl.DataFrame, attributes: Collection[Attribute], allowed: Collection[str]) -> tuple[Column, ...]:
    """Give the attributes of leads, those `allowed` left out."""
    return tuple(
        Column(each.name, each.kind, leads[column_of(each)], leads["as_of"])
        for each in attributes
        if each.name not in allowed
    )


def evenly(rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give `MOST_LEADS` of the rows at even distances, or all where there are no more."""
    if len(rows) <= MOST_LEADS:
        return rows
    return rows[np.linspace(0, len(rows) - 1, MOST_LEADS).astype(np.intp)]


def _event_counts(leads: pl.DataFrame, events: pl.DataFrame, allowed: Collection[str]) -> dict[str, Floats]:
    rows = leads.lazy().select("lead_id", "as_of").with_row_index("row")
    counted = (
        events.lazy()
        .select("lead_id", "occurred_at", "type")
        .join(rows, on="lead_id")
        .filter(pl.col("occurred_at") <= pl.col("as_of"))
        .group_by(pl.col("type").cast(pl.String), "row")
        .agg(count=pl.len())
        .collect(engine="in-memory")
    )
    common = counted["type"].value_counts().sort("count", "type", descending=[True, False]).head(MOST_EVENT_TYPES)
    found: dict[str, Floats] = {}
    for event_type, part in counted.group_by("type"):
        name = str(event_type[0])
        if name not in allowed and name in set(common["type"]):
            found[name] = np.zeros(leads.height)
            found[name][part["row"].to_numpy()] = part["count"].to_numpy()
    return dict(sorted(found.items()))
