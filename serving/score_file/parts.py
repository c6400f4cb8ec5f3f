"""Scores of partitions: each part by itself, anywhere, and then all of them in the order of the leads' file."""

from collections.abc import Callable, Iterator
from math import ceil
from pathlib import Path

import polars as pl

from features.compute import feature_table
from features.partitions import PLACE, Partitions, write_whole
from features.progress import Progress
from serving.model.scoring import ScoringModel

LEADS_AT_ONCE = 250_000  # put in order together, which bounds the memory


ScoreParts = Callable[[Partitions, ScoringModel, int, Path, Progress], None]  # here, or on the workers of a cluster


def score_parts_here(
    partitions: Partitions, model: ScoringModel, reasons: int, folder: Path, progress: Progress
) -> None:
    """Score one part after the other in this process, into `folder`, with `reasons` reasons a lead."""
    for number in range(partitions.parts):
        progress("Scoring", number / partitions.parts)
        score_part(partitions, number, model, reasons, folder)


def score_part(partitions: Partitions, number: int, model: ScoringModel, reasons: int, folder: Path) -> None:
    """Score the leads of one part, and write their scores below `folder`, which other parts share.

    Scoring a part again replaces its scores, each file whole.
    """
    tables = partitions.read(number)
    if tables.leads.height == 0:
        return
    scored = model.score_table(feature_table(tables.leads, tables.events, model.catalog))
    placed = scored.frame(tables.leads["lead_id"], reasons, model.version).with_columns(tables.leads[PLACE])
    for (piece,), rows in placed.group_by(pl.col(PLACE) // LEADS_AT_ONCE):
        own = _piece(folder, int(piece))
        own.mkdir(parents=True, exist_ok=True)
        write_whole(rows, own / f"part-{number:05d}.parquet")


def in_order(partitions: Partitions, folder: Path) -> Iterator[pl.DataFrame]:
    """Give the scores of all parts in the order of the leads' file, some hundred thousand rows at a time.

    Columns as `ScoredTable.frame` gives them. Each file below `folder` is removed when its rows have been taken.
    """
    for number in range(ceil(partitions.leads / LEADS_AT_ONCE)):
        files = sorted(_piece(folder, number).glob("part-*.parquet"))
        yield pl.read_parquet(files).sort(PLACE).drop(PLACE)
        for file in files:
            file.unlink()


def _piece(folder: Path, number: int) -> Path:
    return folder / f"leads-{number:05d}"
