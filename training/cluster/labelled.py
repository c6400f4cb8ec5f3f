"""What became of every past lead, worked out per partition; of each lead only its place, arrival and fate come back."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
from distributed import Client

from features.labels import EarlyDecisions, Fate, Labels, label_leads, labels_of
from features.partitions import PLACE, Partitions, write_whole
from features.partitions.partitions import LEADS
from features.progress import Progress
from training.cluster.each_part import on_each_part
from training.cluster.part_file import part_file

FATES = "fates"
FATE = pl.Enum([fate.value for fate in Fate])


@dataclass(frozen=True)
class LabelledLeads:
    """The labels of all leads, and the place of each in the order of arrival (Int64), both in the file's order."""

    labels: Labels
    arrival: pl.Series


def label_parts(
    client: Client, partitions: Partitions, horizon_days: int, folder: Path, progress: Progress
) -> LabelledLeads:
    """Give what became of all leads. Each part's fates stay in `folder`, see `read_fates`."""
    early = on_each_part(
        client,
        label_part,
        range(partitions.parts),
        progress,
        "Labelling",
        partitions=partitions,
        horizon_days=horizon_days,
        by_label=_have_labels(partitions),
        folder=folder,
    )
    fates = pl.concat([read_fates(folder, part) for part in range(partitions.parts)]).sort(PLACE)
    return LabelledLeads(labels_of(fates["fate"].cast(pl.String), _sum(early)), fates["arrival"])


def label_part(part: int, *, partitions: Partitions, horizon_days: int, by_label: bool, folder: Path) -> EarlyDecisions:
    """Write the fates of a part's leads; give what was decided too early."""
    tables = partitions.read(part)
    labels = label_leads(replace(tables, outcomes=None) if by_label else tables, horizon_days)
    fates = tables.leads.select(PLACE, "arrival", labels.fate.cast(FATE).alias("fate"))
    write_whole(fates, part_file(folder, FATES, part))
    return labels.early


def read_fates(folder: Path, part: int) -> pl.DataFrame:
    """Give `place`, `arrival` and `fate` of a part's leads, in the part's order."""
    return pl.read_parquet(part_file(folder, FATES, part))


def _have_labels(partitions: Partitions) -> bool:
    """Say whether any lead has a label: a part without one must not go by outcomes where the others go by labels."""
    files = [partitions.part(part) / LEADS for part in range(partitions.parts)]
    return bool(pl.scan_parquet(files).select(pl.col("label").count()).collect().item())


def _sum(early: Sequence[EarlyDecisions]) -> EarlyDecisions:
    return EarlyDecisions(sum(each.decisions for each in early), sum(each.leads for each in early))
