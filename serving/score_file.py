"""Scores a file of leads: a row of output per lead, in the file's order."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from features.compute import feature_table
from features.config import Config
from features.errors import DataError
from features.findings import Finding, Severity
from features.problems import Problem
from features.sources import read_scoring_tables
from serving.model.grades import SEGMENTS
from serving.model.scoring import ScoringModel

CHUNK_LEADS = 100_000  # bounds the memory of points per feature and of reasons as text
SHOWN_LEADS = 5

Progress = Callable[[str, float], None]  # what is being done, and how far: 0 to 1


@dataclass(frozen=True)
class ScoredFile:
    """What came out of scoring a file. `segments` counts leads; `top` are the leads with the highest probability."""

    out: Path
    leads: int
    model_version: str
    expected_sqls: float
    segments: dict[str, int]
    top: tuple[dict[str, Any], ...]
    notes: tuple[Finding, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the result as plain JSON values."""
        return asdict(self) | {"out": str(self.out), "notes": [note.to_json() for note in self.notes]}


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
) -> ScoredFile:
    """Score the leads of a file, as of their hand-over or else `now`, and write `out` (.csv or .parquet).

    Raises DataError with every problem of the files. `out` is replaced only when it is whole.
    """
    _check_out(out)
    progress("Reading", 0.0)
    tables = read_scoring_tables(config, leads_file, events_file, model.catalog.attributes, now)
    progress("Computing features", 0.1)
    features = feature_table(tables.leads, tables.events, model.catalog)
    parts = []
    for start in range(0, max(features.height, 1), CHUNK_LEADS):
        progress("Scoring", 0.4 + 0.6 * start / max(features.height, 1))
        ids = tables.leads["lead_id"].slice(start, CHUNK_LEADS)
        parts.append(model.score_table(features.slice(start, CHUNK_LEADS)).frame(ids, reasons, model.version))
    scored = pl.concat(parts)
    _write(scored, out)
    progress("Scored", 1.0)
    counts = dict(scored["segment"].value_counts().iter_rows())
    return ScoredFile(
        out=out,
        leads=scored.height,
        model_version=model.version,
        expected_sqls=float(scored["probability"].sum()),
        segments={segment.value: counts.get(segment.value, 0) for segment in SEGMENTS},
        top=tuple(scored.top_k(SHOWN_LEADS, by="probability").iter_rows(named=True)),
        notes=(*(Finding("evidence", Severity.WARNING, None, each) for each in model.info.warnings), *tables.notes),
    )


def render_scored(scored: ScoredFile) -> Iterable[RenderableType]:
    """Give the result as a person reads it on a terminal."""
    segments = ", ".join(f"{count:,} {name}" for name, count in scored.segments.items())
    yield f"{scored.leads:,} leads scored with version {scored.model_version}: {segments}."
    evidence = [note for note in scored.notes if note.kind == "evidence"]
    if not evidence:
        yield f"About {scored.expected_sqls:,.0f} of them are expected to become SQLs."
    table = Table(title="The highest", title_justify="left", box=None, pad_edge=False)
    table.add_column("lead")
    table.add_column("score", justify="right")
    table.add_column("fit")
    table.add_column("engagement")
    table.add_column("because")
    for row in scored.top:
        grades = (row["fit_grade"], row["engagement_grade"])
        table.add_row(row["lead_id"], str(row["score"]), *grades, row["reasons"])
    yield table
    yield f"All of them are in {scored.out}."
    yield from (Text(f"{note.severity.value}: {note.detail}", style="yellow") for note in evidence)


def _check_out(out: Path) -> None:
    if out.suffix.lower() not in {".csv", ".parquet"}:
        raise DataError(
            [Problem("is neither .csv nor .parquet", "give the output one of these endings", value=out.name)]
        )
    if not out.parent.is_dir():
        raise DataError([Problem("is not a folder", "make it first, or write elsewhere", value=str(out.parent))])


def _write(scored: pl.DataFrame, out: Path) -> None:
    part = out.with_name(f".{out.name}.part")
    try:
        if out.suffix.lower() == ".csv":
            scored.write_csv(part)
        else:
            scored.write_parquet(part)
        part.replace(out)
    except OSError as error:
        raise DataError([Problem(f"cannot be written ({error.strerror})", "write elsewhere", file=str(out))]) from error
    finally:
        part.unlink(missing_ok=True)
