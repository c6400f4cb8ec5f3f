"""Training on a cluster: all is chosen here, by a bounded number of leads; the shipped trees are boosted there, on all.

Partitions, scratch and results lie below the config's folder, which all workers share; through the scheduler go
numbers of leads, the catalogue, and the boosted trees.
"""

import hashlib
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from distributed import Client

from features.config import Config, Training
from features.errors import DataError
from features.findings import Finding, Severity
from features.labels import Labels
from features.partitions import Partitions, partition_training_files
from features.problems import Problem
from features.progress import Progress, share_of
from training.cluster.boosting import FeatureFile, boost
from training.cluster.connection import parts_to_share, refuse_unshared, worker_addresses
from training.cluster.each_part import on_each_part
from training.cluster.labelled import label_parts
from training.cluster.part_features import write_known_features
from training.cluster.sample import places_to_take, take
from training.fitting.fit import Fitted
from training.fitting.walk_forward import MOST_LEADS
from training.material import BOOSTED_ON, CLUSTER, Material, Read
from training.pipeline import Trained
from training.records.provenance import data_hash
from training.stages import Stages

PARTITIONS = Path(".leadsift") / "partitions"  # beside leadsift.toml; used again while files and config stay the same


@dataclass(frozen=True)
class ClusterMaterial(Material):
    """Leads to choose by, in memory here, and all leads in partitions that the workers read.

    every: the labels of all leads. scratch: where the workers leave what is needed until the training is done.
    """

    client: Client
    partitions: Partitions
    every: Labels
    scratch: Path

    def data_hash(self) -> str:
        """Give a fingerprint of all leads, events and outcomes, as they are cut."""
        parts = range(self.partitions.parts)
        hashes = on_each_part(self.client, hash_part, parts, _unseen, "Hashing", partitions=self.partitions)
        return hashlib.sha256("\n".join(hashes).encode()).hexdigest()

    def to_ship(self, trained: Trained, config: Config, progress: Progress) -> Trained:
        """Give the training with its trees boosted anew, on all leads; where nothing is learned yet, as it is.

        Linear part, blend, grades and evidence stay those of the leads chosen by, and so do the holdout's numbers.
        """
        trained = replace(trained, label_summary=self.every.summary)
        if trained.belief is not None:
            return trained
        stages = Stages(progress)
        with stages.stage("Computing features on the cluster", 0.0):
            catalog, report = trained.catalog, share_of(progress, 0.0, 0.5)
            files = write_known_features(self.client, self.partitions, catalog, self.scratch, report)
        with stages.stage("Boosting on the cluster", 0.5):
            texts = self._boosted(trained.fitted, files, config.training)
        workers, leads = len(worker_addresses(self.client)), sum(file.leads for file in files)
        fitted = replace(
            trained.fitted,
            trees_texts=texts,
            choices={**trained.fitted.choices, BOOSTED_ON: {"workers": workers, "leads": leads}},
        )
        return replace(
            trained,
            fitted=fitted,
            findings=(*trained.findings, _said(workers, leads, chosen_by=len(trained.y))),
            timings={**trained.timings, **stages.seconds},
        )

    def _boosted(self, fitted: Fitted, files: Sequence[FeatureFile], training: Training) -> tuple[str, ...]:
        return boost(
            self.client,
            files,
            fitted.encoder,
            rounds=fitted.choices["rounds"],
            seeds=[training.random_state + at for at in range(training.seeds)],
            settings=training.trees,
        )


def _refuse_store(config: Config) -> None:
    if config.leads.from_store:
        what, remedy = (
            "a cluster reads files, and the leads are in the store",
            "export them, or train without a cluster",
        )
        raise DataError([Problem(what, remedy, file=config.path.name)])


def _said(workers: int, leads: int, chosen_by: int) -> Finding:
    detail = (
        f"the trees were boosted on {leads:,} leads by {workers} workers of a Dask cluster, where two equal fits "
        f"differ a little; all else was chosen and measured on {chosen_by:,} leads with a known outcome"
    )
    return Finding(CLUSTER, Severity.INFO, None, detail)


def _unseen(step: str, done: float) -> None:
    """Show nothing of work that takes no time worth showing."""


def hash_part(part: int, *, partitions: Partitions) -> str:
    """Give the fingerprint of a part's tables."""
    return data_hash(partitions.read(part))


def reading_on(client: Client, most: int = MOST_LEADS) -> Read:
    """Give what reads the material of a training on a cluster; `most` known leads are chosen by."""
    return partial(read_on_cluster, client, most)


@contextmanager
def read_on_cluster(client: Client, most: int, config: Config, progress: Progress) -> Iterator["ClusterMaterial"]:
    """Cut the past leads into partitions, label them on the workers, and take out those to choose by.

    Raises DataError with every problem of every file, where the leads are in the store and not in files, and where a
    worker does not see the partitions.
    """
    _refuse_store(config)
    folder = (config.root / PARTITIONS).absolute()
    partitions = partition_training_files(config, folder, share_of(progress, 0.0, 0.6), parts_to_share(client))
    refuse_unshared(client, partitions.folder)
    with tempfile.TemporaryDirectory(prefix="training-", dir=folder.parent) as name:
        scratch = Path(name)
        horizon = config.label.horizon_days
        labelled = label_parts(client, partitions, horizon, scratch, share_of(progress, 0.6, 0.8))
        places = places_to_take(labelled.arrival, labelled.labels.y, most)
        tables = take(client, partitions, places, scratch, share_of(progress, 0.8, 1.0))
        labels = replace(labelled.labels, y=labelled.labels.y[places], fate=labelled.labels.fate.gather(places))
        yield ClusterMaterial(tables, labels, client, partitions, labelled.labels, scratch)
