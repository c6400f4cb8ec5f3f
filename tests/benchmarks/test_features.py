"""The peer of the features' benchmark computes the same features."""

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest

from benchmarks.feature_query import feature_query
from benchmarks.features import compute_features, largest_difference, query_features, write_tables
from features.catalog import Catalog, build_catalog, per_type
from features.compute import feature_table
from features.primitives import CountEver
from features.tables import EVENTS_SCHEMA, INSTANT

AS_OF = datetime(2026, 3, 1, tzinfo=UTC)


def test_duckdb_and_we_give_the_same_features(tmp_path: Path) -> None:
    write_tables(str(tmp_path), leads=400, events_per_lead=12)
    ours = compute_features(str(tmp_path))
    assert ours.height == 400
    assert largest_difference(ours, query_features(str(tmp_path))) <= 1e-9


@pytest.mark.parametrize(("others", "expected"), [([1.0, 2.5], 0.5), ([1.0, None], float("inf")), ([1.0, 2.0], 0.0)])
def test_a_difference_is_seen_whatever_the_order(others: list[float | None], expected: float) -> None:
    ours = pl.DataFrame({"lead_id": ["a", "b"], "feature": [1.0, 2.0]})
    theirs = pl.DataFrame({"lead_id": ["a", "b"], "feature": others})
    assert largest_difference(ours, theirs.reverse()) == expected


def test_names_and_types_with_quotes_are_read_as_they_are() -> None:
    catalog = build_catalog([], ["it's", 'a "demo"'], [per_type(CountEver())])
    leads = pl.DataFrame({"lead_id": ["a"], "as_of": pl.Series([AS_OF], dtype=INSTANT)})
    events = pl.DataFrame([("a", AS_OF, 'a "demo"', None)], schema=EVENTS_SCHEMA, orient="row")
    assert query(leads, events, catalog) == feature_table(leads, events, catalog).rows() == [(0.0, 1.0)]


def query(leads: pl.DataFrame, events: pl.DataFrame, catalog: Catalog) -> list[tuple[object, ...]]:
    with duckdb.connect() as connection:
        connection.register("leads", leads.to_arrow())
        connection.register("events", events.to_arrow())
        return [row[1:] for row in connection.sql(feature_query(catalog)).fetchall()]
