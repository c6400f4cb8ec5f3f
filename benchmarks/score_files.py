"""`leadsift score` of 1,000,000 leads with 20,000,000 events, Parquet in and out, in a process of its own."""

import statistics
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.large_company import write_large_company
from benchmarks.peak import Peak, alone
from benchmarks.row import Row, Way
from benchmarks.sample_model import make_sample_model
from features.config import load_config
from serving.model.bundle import read_bundle
from serving.score_file import score_file

LEADS, EVENTS, REASONS, RUNS = 1_000_000, 20_000_000, 3, 3
MOST_SECONDS, MOST_BYTES = 180, 4e9


def measure() -> list[Row]:
    """Give the row of scoring a million leads from files."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_sample_model(folder)
        write_large_company(folder, LEADS, EVENTS)
        runs = [score_alone(folder) for _ in range(RUNS)]
    seconds = statistics.median(run.seconds for run in runs)
    peak = max(run.peak_bytes for run in runs)
    return [
        Row(
            work=f"`leadsift score` of {LEADS:,} leads with {EVENTS:,} events",
            unit="seconds",
            ways=(Way("leadsift, one process", seconds),),
            result=f"{seconds:.0f} seconds, peak memory {peak / 1e9:.1f} GB",
            target="under 3 minutes, peak memory under 4 GB",
            met=seconds < MOST_SECONDS and peak < MOST_BYTES,
            note=f"Parquet in and out, events in the order of time, {REASONS} reasons a lead, a model of 300 trees; "
            f"from opening the files to the whole output, the median and the largest peak of {RUNS} fresh processes.",
        )
    ]


def score_alone(folder: Path) -> Peak:
    """Score the large company of `folder` in a fresh process."""
    return alone("benchmarks.score_files", "score", str(folder))


def score(folder_name: str) -> None:
    """Score the large company of a folder with the sample model that stands there."""
    folder = Path(folder_name)
    score_file(
        load_config(folder / "leadsift.toml"),
        read_bundle(folder / "bundle", "1"),
        leads_file=folder / "large-leads.parquet",
        events_file=folder / "large-events.parquet",
        out=folder / "scores.parquet",
        reasons=REASONS,
        now=datetime.now(UTC),
        progress=lambda step, share: None,  # noqa: ARG005 - nobody watches
    )
