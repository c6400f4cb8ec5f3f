"""Cutting tables into parts by their leads' ids."""

from math import ceil
from pathlib import Path

import numpy as np
import polars as pl

from features.partitions.lead_hash import part_of
from features.partitions.partitions import LEADS, PLACE, part_folder

LEADS_A_PART, EVENTS_A_PART = 100_000, 2_000_000  # features and scores of so many take about half a gigabyte
MOST_PARTS = 65_535


def parts_for(leads: int, events: int, least: int = 1) -> int:
    """Give into how many parts to cut so many leads and events: `least`, or more where a part would be too large.

    >>> [parts_for(leads, events) for leads, events in ((0, 0), (1_000_000, 20_000_000), (300_000, 0))]
    [1, 10, 3]
    """
    return min(MOST_PARTS, max(least, ceil(leads / LEADS_A_PART), ceil(events / EVENTS_A_PART)))


def write_cut(frame: pl.DataFrame, ids: pl.Series, folder: Path, parts: int, name: str) -> None:
    """Write each row into the file `name` of its lead's part, in the order of the rows; a part without rows too.

    `ids` has the lead's id of each row.
    """
    part = part_of(ids, parts)
    in_order = frame.rechunk()[pl.Series(np.argsort(part, kind="stable").astype(np.uint32))]  # many chunks are slow
    ends = np.cumsum(np.bincount(part, minlength=parts))
    for number, (start, end) in enumerate(zip([0, *ends[:-1]], ends, strict=True)):
        write_part(in_order.slice(start, end - start), part_folder(folder, number) / name)


def write_part(frame: pl.DataFrame, path: Path) -> None:
    """Write a file of a part, to be read once or twice: quick rather than small."""
    path.parent.mkdir(exist_ok=True)
    frame.write_parquet(path, compression="lz4")


def write_leads(leads: pl.DataFrame, folder: Path, parts: int) -> None:
    """Write each lead into its part, with its place in the file."""
    placed = leads.with_columns(pl.int_range(leads.height, dtype=pl.Int64, eager=True).alias(PLACE))
    write_cut(placed, leads["lead_id"], folder, parts, LEADS)
