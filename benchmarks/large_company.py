"""Files of many leads and events, drawn from the sample company's rows and written piece by piece."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from features.simulation import simulate

EVENTS_AT_ONCE = 5_000_000
SAMPLE_LEADS, SEED = 4_000, 11
FIRST, LAST, END = (datetime(*day, tzinfo=UTC) for day in ((2025, 1, 1), (2026, 6, 1), (2026, 7, 1)))
DAY_S = 86_400


def write_large_company(folder: Path, leads: int, events: int) -> tuple[Path, Path]:
    """Write leads.parquet and events.parquet, events in the order of time, and give their paths.

    Attributes, types and contents are those of rows of the sample company, drawn at random; so is who did an event.
    The leads are handed over in the last month, so that a few of their events come too late to count.
    """
    chance, sample = np.random.default_rng(SEED), simulate(SAMPLE_LEADS, 20, SEED)
    leads_file, events_file = folder / "large-leads.parquet", folder / "large-events.parquet"
    drawn = sample.leads[chance.integers(sample.leads.height, size=leads)]
    handed_over = (int(LAST.timestamp()) + chance.integers(30 * DAY_S, size=leads)) * 1_000_000
    columns = [_ids(np.arange(leads)), pl.Series("mql_at", handed_over).cast(pl.Datetime("us"))]
    _plain(drawn.with_columns(columns)).write_parquet(leads_file)
    edges = np.linspace(FIRST.timestamp(), END.timestamp(), events + 1)
    did = _plain(sample.events.select("type", "content_id"))
    writer = None
    for start in range(0, events, EVENTS_AT_ONCE):
        count = min(EVENTS_AT_ONCE, events - start)
        times = (edges[start : start + count] * 1_000_000).astype(np.int64)
        piece = did[chance.integers(did.height, size=count)].with_columns(
            _ids(chance.integers(leads, size=count)),
            pl.int_range(start, start + count, eager=True).alias("event_id"),
            pl.Series("occurred_at", times).cast(pl.Datetime("us", "UTC")),
        )
        table = piece.to_arrow()
        writer = writer or pq.ParquetWriter(events_file, table.schema)
        writer.write_table(table, row_group_size=1_000_000)
    if writer is not None:
        writer.close()
    return leads_file, events_file


def _ids(numbers: np.ndarray) -> pl.Series:
    return ("L" + pl.Series(numbers).cast(pl.String).str.zfill(8)).alias("lead_id")


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    """Give the table with enums as text, as other programs write it."""
    return table.with_columns(pl.col(pl.Enum).cast(pl.String))
