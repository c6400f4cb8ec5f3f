"""Events cut into parts: first the rows as they stand in the file, then each part typed and checked by itself.

What is wrong with an event depends on its own lead alone: whether the lead is known, and whether the event repeats
one. So a part is checked as a file would be, and what comes up in all parts is said as if the file had been read whole.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl

from features.config import Events
from features.partitions.cut import write_cut, write_part
from features.partitions.partitions import EVENTS, LEADS, part_folder
from features.progress import Progress
from features.sources.cells import filled_text
from features.sources.date_text import find_day_evidence
from features.sources.day_order import DayEvidence
from features.sources.events import has_columns, read_events
from features.sources.journal import Journal
from features.sources.raw_table import RawTable
from features.sources.table_file import TableFileInPieces

ROWS_AT_ONCE = 2_000_000
RAW = "raw-{:05d}.parquet"
ROW = "row"


@dataclass(frozen=True)
class CutEvents:
    """How many events there are in all parts, and when the newest was."""

    events: int
    newest: datetime | None


def cut_events(
    said: Events,
    file: TableFileInPieces,
    zone: ZoneInfo,
    journal: Journal,
    *,
    folder: Path,
    parts: int,
    progress: Progress,
    ignore_unknown: bool,
) -> CutEvents:
    """Write `Tables.events` of each part's leads, which stand there already unless they could not be read.

    Problems and findings are those of `read_events` over the whole file.
    """
    if not has_columns(said, file.empty, journal):
        return CutEvents(0, None)
    told = _cut_raw(said, file, folder, parts, progress)
    events, newest, journals = 0, [], []
    for number in range(parts):
        progress("Checking events", 0.5 + 0.5 * number / parts)
        part, own = part_folder(folder, number), Journal()
        raw = _read_raw(file.empty, part, told)
        leads = pl.read_parquet(part / LEADS, columns=["lead_id"]).to_series() if (part / LEADS).exists() else None
        typed = read_events(said, raw, zone, leads, own, ignore_unknown=ignore_unknown)
        write_part(typed, part / EVENTS)
        events += typed.height
        newest.append(typed["occurred_at"].max())
        journals.append(own)
    journal.add_parts(journals)
    return CutEvents(events, max((each for each in newest if isinstance(each, datetime)), default=None))


def _cut_raw(
    said: Events, file: TableFileInPieces, folder: Path, parts: int, progress: Progress
) -> dict[str, DayEvidence]:
    """Cut the rows as they stand in the file; give what its dates tell of the order of day and month."""
    told: dict[str, DayEvidence] = {}
    done = 0
    for at, piece in enumerate(file.pieces(ROWS_AT_ONCE)):
        progress("Reading events", 0.5 * done / file.height)
        times = piece.frame[said.occurred_at]
        if times.dtype == pl.String:
            evidence = find_day_evidence(filled_text(times))
            told[said.occurred_at] = told.get(said.occurred_at, DayEvidence()).plus(evidence)
        ids = filled_text(piece.frame[said.lead_id], category=True)
        numbered = {name: str(column) for column, name in enumerate(piece.frame.columns)}
        rows = piece.frame.rename(numbered).with_columns(piece.rows.alias(ROW))
        write_cut(rows, ids, folder, parts, RAW.format(at))
        done += len(piece.rows)
    return told


def _read_raw(empty: RawTable, part: Path, told: dict[str, DayEvidence]) -> RawTable:
    """Read the rows of a part, and remove their files."""
    files = sorted(part.glob(RAW.replace("{:05d}", "*")))
    frame = pl.read_parquet(files).rechunk()
    for file in files:
        file.unlink()
    names = {str(column): name for column, name in enumerate(empty.frame.columns)}
    return replace(empty, frame=frame.drop(ROW).rename(names), rows=frame[ROW], told=told)
