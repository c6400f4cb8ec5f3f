"""Out of core: `leadsift score` of 10,000,000 leads with 200,000,000 events, against a tenth of it in the same run."""

import tempfile
from pathlib import Path

from benchmarks.large_company import write_large_company
from benchmarks.peak import Peak
from benchmarks.row import Row, Way
from benchmarks.sample_model import make_sample_model
from benchmarks.score_files import EVENTS, LEADS, REASONS, score_alone

TIMES = 10
MOST_GROWTH, MOST_BYTES = 1.1, 16e9


def measure() -> list[Row]:
    """Give the row of ten million leads; about 25 minutes and 30 GB of disk, in the folder for temporary files."""
    with tempfile.TemporaryDirectory() as small_name, tempfile.TemporaryDirectory() as large_name:
        small_folder, large_folder = Path(small_name), Path(large_name)
        for folder, times in ((small_folder, 1), (large_folder, TIMES)):
            make_sample_model(folder)
            write_large_company(folder, times * LEADS, times * EVENTS)
        before, large, after = (score_alone(folder) for folder in (small_folder, large_folder, small_folder))
    small = Peak((before.seconds + after.seconds) / 2, max(before.peak_bytes, after.peak_bytes))
    growth = large.seconds / small.seconds / TIMES
    return [
        Row(
            work=f"`leadsift score` of {TIMES * LEADS:,} leads with {TIMES * EVENTS:,} events",
            unit="seconds",
            ways=(
                Way(f"{TIMES * LEADS:,} leads", large.seconds),
                Way(f"{LEADS:,} leads, {TIMES} times over", TIMES * small.seconds),
            ),
            result=f"{large.seconds:,.0f} seconds, {growth:.2f} times as many a lead as {LEADS:,} leads take; "
            f"peak memory {large.peak_bytes / 1e9:.1f} GB",
            target="within 16 GB; time grows no faster than 1.1 times the rows",
            met=growth <= MOST_GROWTH and large.peak_bytes < MOST_BYTES,
            note=f"Parquet in and out, {REASONS} reasons a lead, each run in a fresh process: the smaller before "
            "and after the larger, and the mean of both. Leads are held in memory, events are not: "
            f"{LEADS:,} leads took {small.peak_bytes / 1e9:.1f} GB.",
        )
    ]
