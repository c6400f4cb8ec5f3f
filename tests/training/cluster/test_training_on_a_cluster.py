"""Training on a cluster: the same leads, labels, features and choices as on one machine, and trees as good."""

import os
import signal
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from distributed import Client

from features.catalog import Catalog, build_catalog, known_event_types
from features.compute import feature_table
from features.config import Config
from features.errors import DataError
from features.labels import Labels, label_leads
from features.partitions import Partitions
from features.sources import read_training_tables
from features.tables import Tables
from tests.training.cluster.conftest import said_to_nobody
from training.cluster.boosting import OUTCOME
from training.cluster.each_part import on_each_part
from training.cluster.labelled import label_parts
from training.cluster.part_features import write_known_features, write_part_features
from training.cluster.sample import places_to_take
from training.cluster.training import ClusterMaterial, read_on_cluster
from training.fitting.blend import log_loss
from training.material import BOOSTED_ON
from training.measuring.metrics import Floats
from training.pipeline import train


@dataclass(frozen=True)
class Here:
    """What one machine makes of the company's files."""

    tables: Tables
    labels: Labels
    catalog: Catalog

    def known_features(self) -> pl.DataFrame:
        known = np.flatnonzero(~np.isnan(self.labels.y))
        outcome = pl.Series(OUTCOME, self.labels.y[known]).cast(pl.Int8)
        return feature_table(self.tables.leads[known], self.tables.events, self.catalog).with_columns(outcome)


@pytest.fixture(scope="module")
def here(config: Config) -> Here:
    tables = read_training_tables(config)
    catalog = build_catalog(tables.attributes, known_event_types(tables.leads, tables.events))
    return Here(tables, label_leads(tables, config.label.horizon_days), catalog)


@pytest.fixture
def labelled(cluster: Client, partitions: Partitions, config: Config, tmp_path: Path) -> Path:
    """Give a folder with the fates of all leads, as the workers leave them."""
    label_parts(cluster, partitions, config.label.horizon_days, tmp_path, said_to_nobody)
    return tmp_path


def test_leads_labels_and_what_was_found_are_those_of_one_machine(cluster: Client, config: Config, here: Here) -> None:
    with read_on_cluster(cluster, 10_000, config, said_to_nobody) as material:
        there, labels = material.tables, material.labels

    assert there.leads.equals(here.tables.leads)
    assert in_any_order(there.events).equals(in_any_order(here.tables.events))
    assert in_any_order(there.outcomes).equals(in_any_order(here.tables.outcomes))
    assert (there.attributes, there.known_until) == (here.tables.attributes, here.tables.known_until)
    assert (there.notes, there.excluded_event_types) == (here.tables.notes, here.tables.excluded_event_types)
    assert labels.fate.to_list() == here.labels.fate.to_list()
    assert np.array_equal(labels.y, here.labels.y, equal_nan=True)
    assert (labels.findings, labels.summary) == (here.labels.findings, here.labels.summary)


def in_any_order(table: pl.DataFrame | None) -> pl.DataFrame:
    assert table is not None
    return table.sort(pl.all())


def test_features_are_those_of_one_machine_to_the_last_bit(
    cluster: Client, partitions: Partitions, here: Here, labelled: Path
) -> None:
    files = write_known_features(cluster, partitions, here.catalog, labelled, said_to_nobody)
    there = [pl.read_parquet(file.path) for file in files]

    assert partitions.parts > 2
    assert [part.height for part in there] == [file.leads for file in files]
    assert in_any_order(pl.concat(there)).equals(in_any_order(here.known_features()))


def test_a_worker_killed_while_computing_features_changes_none(
    cluster: Client, partitions: Partitions, here: Here, labelled: Path
) -> None:
    shared = {"partitions": partitions, "catalog": here.catalog, "folder": labelled}
    on_each_part(cluster, killed_at_the_fourth, range(partitions.parts), said_to_nobody, "Computing", **shared)
    there = [pl.read_parquet(file) for file in sorted(labelled.glob("features-*.parquet"))]

    assert (labelled / "killed").exists()
    assert in_any_order(pl.concat(there)).equals(in_any_order(here.known_features()))


def killed_at_the_fourth(part: int, *, partitions: Partitions, catalog: Catalog, folder: Path) -> None:
    """Compute a part's features, and end the worker before it can say so, the first time that it is the fourth part."""
    write_part_features(part, partitions=partitions, catalog=catalog, folder=folder)
    if part == 3 and not (folder / "killed").exists():
        (folder / "killed").touch()
        os.kill(os.getpid(), signal.SIGKILL)


def test_all_but_the_shipped_trees_is_that_of_one_machine_and_they_are_as_good(
    cluster: Client, config: Config, here: Here
) -> None:
    alone = train(here.tables, here.labels, config, said_to_nobody)
    with read_on_cluster(cluster, 10_000, config, said_to_nobody) as material:
        chosen = train(material.tables, material.labels, config, said_to_nobody)
        there = material.to_ship(chosen, config, said_to_nobody)
    losses = [mean_loss(each.fitted.probabilities(alone.features), alone.y) for each in (there, alone)]

    assert (there.holdout, there.fitted.blend) == (alone.holdout, alone.fitted.blend)
    assert there.fitted.linear.weights.tolist() == alone.fitted.linear.weights.tolist()
    assert there.fitted.encoder.columns == alone.fitted.encoder.columns
    assert there.fitted.trees_texts != alone.fitted.trees_texts
    assert losses[0] == pytest.approx(losses[1], abs=0.01)
    assert there.fitted.choices == {**alone.fitted.choices, BOOSTED_ON: {"workers": 2, "leads": len(alone.y)}}
    said = f"the trees were boosted on {len(alone.y):,} leads by 2 workers of a Dask cluster"
    assert there.findings[-1].detail.startswith(said)


def mean_loss(probabilities: Floats, y: Floats) -> float:
    return log_loss(y, np.log(probabilities / (1 - probabilities)))


def test_where_leads_are_many_the_newest_are_chosen_by_and_all_are_counted_and_boosted_on(
    cluster: Client, config: Config, here: Here
) -> None:
    with read_on_cluster(cluster, 400, config, said_to_nobody) as material:
        chosen = train(material.tables, material.labels, config, said_to_nobody)
        there = material.to_ship(chosen, config, said_to_nobody)

    assert len(there.y) == 400
    assert there.label_summary == here.labels.summary
    assert there.fitted.choices[BOOSTED_ON]["leads"] == here.labels.summary["known"]


def test_known_and_other_leads_are_thinned_apart_and_the_newest_stay() -> None:
    arrival = pl.Series(np.arange(100)[::-1])
    y = np.where(np.arange(100) % 2, np.nan, 1.0)

    places = places_to_take(arrival, y, most=10)

    assert len(places) == 20
    assert set(range(10)) <= set(places.tolist())
    assert places.tolist() == sorted(places.tolist())
    assert places_to_take(arrival, y, most=50).tolist() == list(range(100))


def test_partitions_are_written_once_and_the_scratch_is_removed(cluster: Client, config: Config) -> None:
    folder = config.root / ".leadsift" / "partitions"
    with read_on_cluster(cluster, 400, config, said_to_nobody) as material:
        assert isinstance(material, ClusterMaterial)
        first, hashed = (folder / "manifest.json").stat().st_mtime_ns, material.data_hash()
    with read_on_cluster(cluster, 400, config, said_to_nobody) as material:
        assert material.data_hash() == hashed
    assert (folder / "manifest.json").stat().st_mtime_ns == first
    assert [path.name for path in folder.parent.iterdir() if path.name.startswith("training-")] == []


def test_leads_of_the_store_are_refused(cluster: Client, config: Config) -> None:
    stored = config.model_copy(update={"leads": config.leads.model_copy(update={"source": "store"})})

    refused = pytest.raises(DataError, match="a cluster reads files, and the leads are in the store; export them, or")
    with refused, read_on_cluster(cluster, 400, stored, said_to_nobody):
        pass
