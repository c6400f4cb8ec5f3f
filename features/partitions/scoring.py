"""Files of leads to score, cut into parts."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from features.attributes import Attribute
from features.config import Config
from features.partitions.cut import parts_for, write_leads
from features.partitions.events import CutEvents, cut_events
from features.partitions.manifest import fingerprint, read_manifest, write_manifest
from features.partitions.partitions import Partitions
from features.partitions.whole_folder import whole_folder
from features.progress import Progress, share_of
from features.sources.events import event_columns
from features.sources.journal import Journal
from features.sources.scoring import read_new_leads, said_of_events
from features.sources.table_file import open_table_file

AFTER_LEADS = 0.1  # the share of the time that reading the leads takes


def partition_scoring_files(
    config: Config,
    leads_file: Path,
    events_file: Path | None,
    attributes: Sequence[Attribute],
    *,
    now: datetime,
    folder: Path,
    progress: Progress,
    least_parts: int = 1,
) -> Partitions:
    """Write leads to score and what they did into `folder`, in parts, or use what stands there of the same files.

    The parts, `least_parts` or more, hold what `read_scoring_tables` gives for the whole. `folder` is replaced, or left
    alone where something fails. Raises DataError with every problem of both files.
    """
    files = [leads_file] if events_file is None else [leads_file, events_file]
    key = fingerprint(files, _settings(config, attributes, now))
    found = read_manifest(folder, key, least_parts)
    if found is not None:
        return found
    with whole_folder(folder) as making:
        partitions = _cut(
            config,
            leads_file,
            events_file,
            attributes,
            now=now,
            folder=making,
            progress=progress,
            least_parts=least_parts,
        )
        write_manifest(partitions, key, making)
    return replace(partitions, folder=folder)


def _settings(config: Config, attributes: Sequence[Attribute], now: datetime) -> dict[str, object]:
    return {
        "timezone": config.company.timezone,
        **config.model_dump(mode="json", include={"leads", "events"}, warnings=False),
        "attributes": [attribute.to_json() for attribute in attributes],
        "now": now.isoformat(),
    }


def _cut(
    config: Config,
    leads_file: Path,
    events_file: Path | None,
    attributes: Sequence[Attribute],
    *,
    now: datetime,
    folder: Path,
    progress: Progress,
    least_parts: int,
) -> Partitions:
    journal = Journal()
    progress("Reading leads", 0.0)
    leads = read_new_leads(config, leads_file, attributes, now, journal)
    said = said_of_events(config, events_file, journal) if events_file else None
    file = open_table_file(events_file, said, journal, event_columns(said)) if events_file and said else None
    height = 0 if leads is None else leads.height
    parts = parts_for(height, 0 if file is None else file.height, least_parts)
    if leads is not None:
        write_leads(leads, folder, parts)
        del leads
    events = CutEvents(0, None)
    if file is not None and said is not None:
        zone = config.company.zone
        later = share_of(progress, AFTER_LEADS, 1.0)
        events = cut_events(said, file, zone, journal, folder=folder, parts=parts, progress=later, ignore_unknown=True)
    journal.stop_if_problems()
    return Partitions(folder, parts, height, events.events, tuple(attributes), now, journal.findings)
