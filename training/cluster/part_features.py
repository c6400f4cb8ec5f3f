"""Features of the leads of a partition, computed by a worker: the same function as on one machine, on fewer leads."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import polars as pl
from distributed import Client

from features.catalog import Catalog
from features.compute import feature_table
from features.labels import labels_of
from features.partitions import Partitions, write_whole
from features.progress import Progress
from training.cluster.boosting import OUTCOME, FeatureFile
from training.cluster.each_part import on_each_part
from training.cluster.labelled import read_fates
from training.cluster.part_file import part_file

FEATURES = "features"


def write_known_features(
    client: Client, partitions: Partitions, catalog: Catalog, folder: Path, progress: Progress
) -> Sequence[FeatureFile]:
    """Write into `folder` the features and outcomes of all leads whose fate there is known, a file per part.

    Give the files that have a lead.
    """
    leads = on_each_part(
        client,
        write_part_features,
        range(partitions.parts),
        progress,
        "Computing features",
        partitions=partitions,
        catalog=catalog,
        folder=folder,
    )
    return [FeatureFile(part_file(folder, FEATURES, part), count) for part, count in enumerate(leads) if count]


def write_part_features(part: int, *, partitions: Partitions, catalog: Catalog, folder: Path) -> int:
    """Write the features and outcomes of a part's known leads; give how many they are."""
    tables = partitions.read(part)
    y = labels_of(read_fates(folder, part)["fate"].cast(pl.String)).y
    known = np.flatnonzero(~np.isnan(y))
    features = feature_table(tables.leads[known], tables.events, catalog)
    outcome = pl.Series(OUTCOME, y[known]).cast(pl.Int8)
    write_whole(features.with_columns(outcome), part_file(folder, FEATURES, part))
    return len(known)
