"""Finds, on training leads only, which columns the model reads: levels common enough, and what was ever missing."""

from collections.abc import Iterator

import polars as pl

from features.attributes import Kind
from features.catalog import Catalog
from serving.model.encoding import Column, Encoder, Role

FEWEST_LEADS = 10  # a level on fewer leads has no rate of its own worth fitting
FEWEST_SHARE = 0.002
MOST_LEVELS = 50  # of one feature


def fit_encoder(features: pl.DataFrame, catalog: Catalog) -> Encoder:
    """Give the encoder for these training leads; `features` has a column per feature of the catalogue."""
    columns: list[Column] = []
    for index, feature in enumerate(catalog.features):
        columns.extend(_columns(index, features[feature.name], feature.kind))
    return Encoder(catalog, tuple(columns))


def _columns(index: int, values: pl.Series, kind: Kind) -> Iterator[Column]:
    if kind is Kind.CATEGORY:
        for level in _common_levels(values):
            yield Column(index, Role.LEVEL, level)
        yield Column(index, Role.OTHER)
    elif values.count():
        yield Column(index, Role.NUMBER)
    if values.null_count():
        yield Column(index, Role.MISSING)


def _common_levels(values: pl.Series) -> list[str]:
    """Give the levels on enough leads, by name; the most common where there are too many, ties by name."""
    enough = max(FEWEST_LEADS, FEWEST_SHARE * len(values))
    counts = values.drop_nulls().value_counts(name="leads")
    common = counts.filter(pl.col("leads") >= enough).sort(["leads", values.name], descending=[True, False])
    return sorted(common[values.name].head(MOST_LEVELS).to_list())
