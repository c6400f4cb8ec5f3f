"""What came out of scoring a file, for people and for programs."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from math import fsum
from pathlib import Path
from typing import Any

import polars as pl
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

from features.findings import Finding
from serving.model.grades import SEGMENTS

SHOWN_LEADS = 5


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


@dataclass
class Tally:
    """Counts scores as they go by, piece by piece."""

    leads: int = 0
    segments: dict[str, int] = field(default_factory=lambda: {segment.value: 0 for segment in SEGMENTS})
    _expected: list[float] = field(default_factory=list)
    _top: list[pl.DataFrame] = field(default_factory=list)

    def add(self, scores: pl.DataFrame) -> None:
        """Count some more rows of scores."""
        self.leads += scores.height
        for segment, count in scores["segment"].value_counts().iter_rows():
            self.segments[segment] += count
        self._expected.append(float(scores["probability"].sum()))
        self._top = [pl.concat([*self._top, scores]).top_k(SHOWN_LEADS, by="probability")]

    @property
    def expected_sqls(self) -> float:
        """Give the sum of the probabilities."""
        return fsum(self._expected)

    @property
    def top(self) -> tuple[dict[str, Any], ...]:
        """Give the rows of the highest probabilities."""
        return tuple(row for rows in self._top for row in rows.iter_rows(named=True))


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
