"""Scores a file of leads: a row of output per lead, in the file's order, in bounded memory whatever the file's size."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from features.config import Config
from features.findings import Finding, Severity
from features.partitions import partition_scoring_files, writing_to
from features.progress import Progress, share_of
from serving.model.scoring import ScoringModel
from serving.score_file.out import check_out, scores_out
from serving.score_file.parts import ScoreParts, in_order, score_parts_here
from serving.score_file.scored import ScoredFile, Tally

AFTER_READING, AFTER_SCORING = 0.55, 0.95  # shares of the time


def score_file(
    config: Config,
    model: ScoringModel,
    *,
    leads_file: Path,
    events_file: Path | None,
    out: Path,
    reasons: int,
    now: datetime,
    progress: Progress,
    score_parts: ScoreParts = score_parts_here,
    least_parts: int = 1,
) -> ScoredFile:
    """Score the leads of a file, as of their hand-over or else `now`, and write `out` (.csv or .parquet).

    Raises DataError with every problem of the files. `out` is replaced only when it is whole. The parts that the files
    are cut into, `least_parts` or more, stand beside it until then, about twice the size of the files.
    """
    check_out(out)
    tally = Tally()
    with _scratch(out) as scratch:
        partitions = partition_scoring_files(
            config,
            leads_file,
            events_file,
            model.catalog.attributes,
            now=now,
            folder=scratch / "partitions",
            progress=share_of(progress, 0.0, AFTER_READING),
            least_parts=least_parts,
        )
        later = share_of(progress, AFTER_READING, AFTER_SCORING)
        score_parts(partitions, model, reasons, scratch / "scores", later)
        progress("Writing", AFTER_SCORING)
        with scores_out(out) as write:
            for scores in in_order(partitions, scratch / "scores"):
                write(scores)
                tally.add(scores)
    progress("Scored", 1.0)
    return ScoredFile(
        out=out,
        leads=tally.leads,
        model_version=model.version,
        expected_sqls=tally.expected_sqls,
        segments=tally.segments,
        top=tally.top,
        notes=(*(Finding("evidence", Severity.WARNING, None, each) for each in model.info.warnings), *partitions.notes),
    )


@contextmanager
def _scratch(out: Path) -> Iterator[Path]:
    """Give a hidden folder beside `out`, removed at the end; so is one that a run which was cut off left behind."""
    scratch = out.with_name(f".{out.name}.parts")
    shutil.rmtree(scratch, ignore_errors=True)
    try:
        with writing_to(out):
            scratch.mkdir()
            yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
