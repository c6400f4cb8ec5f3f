"""The features over events of whole tables: events are sorted, then reduced group by group."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import ceil

import polars as pl

from features.catalog import Catalog
from features.compute.sorted_events import own_types, sorted_events
from features.primitives import EventPrimitive

EVENTS_AT_ONCE = 1_000_000  # bounds the memory: a part takes some 200 MB


def event_columns(leads: pl.DataFrame, events: pl.DataFrame, catalog: Catalog) -> pl.DataFrame:
    """Give a Float64 column for each feature over events, a row per lead in the order of `leads`."""
    runs = sorted_events(leads, events, catalog)
    parts = max(1, ceil(sum(run.height for run in runs) / EVENTS_AT_ONCE))
    bounds = [leads.height * part // parts for part in range(parts + 1)]
    pieces = zip(*(_cut(run, bounds, catalog) for run in runs), strict=True)
    return pl.concat(
        [
            _part(pl.concat(of_part).sort("group"), range(start, stop), catalog)
            for (start, stop), of_part in zip(pairwise(bounds), pieces, strict=True)
        ]
    )


def _cut(run: pl.DataFrame, bounds: Sequence[int], catalog: Catalog) -> list[pl.DataFrame]:
    """Cut a sorted run where the leads at these places begin."""
    groups = len(own_types(catalog)) + 1
    firsts = pl.Series([bound * groups for bound in bounds], dtype=pl.UInt64)
    return [run[at:end] for at, end in pairwise(run["group"].search_sorted(firsts, side="left"))]


def _part(past: pl.DataFrame, leads: range, catalog: Catalog) -> pl.DataFrame:
    """Give the columns of the leads at these places, from their events."""
    types = own_types(catalog)
    groups = len(types) + 1
    group = pl.col("group") - leads.start * groups
    by_type = [primitives for event_type, primitives in catalog.over_events.items() if event_type is not None]
    found: dict[str | None, pl.DataFrame] = {}
    found[None] = _reduced(past, group // groups, [catalog.over_events.get(None, {})])
    of_types = _reduced(past.filter(group % groups < len(types)), group, by_type)
    for place, event_type in enumerate(types):
        of_type = of_types.filter(pl.col("group") % groups == place)
        found[event_type] = of_type.with_columns(pl.col("group") // groups)
    columns = {
        name: _column(primitive, found[event_type], len(leads)) for event_type, name, primitive in _each(catalog)
    }
    return pl.DataFrame(columns)


def _each(catalog: Catalog) -> Iterator[tuple[str | None, str, EventPrimitive]]:
    for event_type, primitives in catalog.over_events.items():
        for name, primitive in primitives.items():
            yield event_type, name, primitive


def _reduced(past: pl.DataFrame, group: pl.Expr, features: Iterable[dict[str, EventPrimitive]]) -> pl.DataFrame:
    """Give `group` and, by its key, each primitive of the features, for each group that has events."""
    primitives = {primitive.key: primitive for each in features for primitive in each.values()}
    return (
        past.lazy()
        .select(group.set_sorted(), *(primitive.expression().alias(key) for key, primitive in primitives.items()))
        .group_by("group", maintain_order=True)
        .agg(primitive.of_group(pl.col(key)).alias(key) for key, primitive in primitives.items())
        .collect(engine="in-memory")
    )


def _column(primitive: EventPrimitive, found: pl.DataFrame, leads: int) -> pl.Series:
    """Give a feature for each lead: what was found, and for the others what no events mean."""
    column = pl.Series([primitive.no_events], dtype=pl.Float64).new_from_index(0, leads)  # pl.repeat plans a query
    return column.scatter(found["group"], found[primitive.key])
