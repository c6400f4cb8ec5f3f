"""Scoring on a cluster: a part of the leads per task, its scores written into the folder that all share."""

from dataclasses import replace
from pathlib import Path

from distributed import Client

from features.partitions import Partitions
from features.progress import Progress
from serving.model.scoring import ScoringModel
from serving.score_file import ScoreParts, score_part
from training.cluster.connection import refuse_unshared
from training.cluster.each_part import on_each_part


def scoring_on(client: Client) -> ScoreParts:
    """Give what scores the parts of a file on the workers, with the same scores as on one machine.

    It raises DataError where a worker does not see the parts.
    """

    def score_parts(
        partitions: Partitions, model: ScoringModel, reasons: int, folder: Path, progress: Progress
    ) -> None:
        shared = {
            "partitions": replace(partitions, folder=partitions.folder.absolute()),
            "model": model,
            "reasons": reasons,
            "folder": folder.absolute(),
        }
        refuse_unshared(client, partitions.folder.absolute())
        on_each_part(client, score_one, range(partitions.parts), progress, "Scoring", **shared)

    return score_parts


def score_one(part: int, *, partitions: Partitions, model: ScoringModel, reasons: int, folder: Path) -> None:
    """Score one part on a worker."""
    score_part(partitions, part, model, reasons, folder)
