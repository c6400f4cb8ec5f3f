"""The tables that a model is trained on, cut into parts."""

from dataclasses import replace
from pathlib import Path

from features.config import Config
from features.partitions.cut import parts_for, write_cut, write_leads
from features.partitions.events import CutEvents, cut_events
from features.partitions.manifest import fingerprint, read_manifest, write_manifest
from features.partitions.partitions import OUTCOMES, Partitions
from features.partitions.whole_folder import whole_folder
from features.progress import Progress, share_of
from features.sources.events import event_columns
from features.sources.journal import Journal
from features.sources.table_file import open_table_file
from features.sources.training import excluded_types, newest_moment, read_decisions, read_past_leads

AFTER_LEADS, AFTER_EVENTS = 0.1, 0.9  # shares of the time


def partition_training_files(config: Config, folder: Path, progress: Progress, least_parts: int = 1) -> Partitions:
    """Write the tables to train on into `folder`, in parts, or use what stands there of the same files and settings.

    The parts, `least_parts` or more, hold what `read_training_tables` gives for the whole: `arrival` is the place among
    all leads. `folder` is replaced, or left alone where something fails. Raises DataError with every problem of every
    file.
    """
    sections = (config.leads, config.events, config.outcomes)
    key = fingerprint([each.file for each in sections if each and each.file], _settings(config))
    found = read_manifest(folder, key, least_parts)
    if found is not None:
        return found
    with whole_folder(folder) as making:
        partitions = _cut(config, making, progress, least_parts)
        write_manifest(partitions, key, making)
    return replace(partitions, folder=folder)


def _settings(config: Config) -> dict[str, object]:
    sections = {"leads", "events", "outcomes", "features", "priors"}
    return {"timezone": config.company.timezone, **config.model_dump(mode="json", include=sections, warnings=False)}


def _cut(config: Config, folder: Path, progress: Progress, least_parts: int) -> Partitions:
    journal, said = Journal(), config.events
    progress("Reading leads", 0.0)
    past = read_past_leads(config, journal)
    file = open_table_file(said.file, said, journal, event_columns(said)) if said and said.file else None
    height = 0 if past.leads is None else past.leads.height
    parts = parts_for(height, 0 if file is None else file.height, least_parts)
    if past.leads is not None:
        write_leads(past.leads, folder, parts)
    events = CutEvents(0, None)
    if file is not None and said is not None:
        zone = config.company.zone
        later = share_of(progress, AFTER_LEADS, AFTER_EVENTS)
        ignore = said.unknown_leads == "ignore"
        events = cut_events(
            said, file, zone, journal, folder=folder, parts=parts, progress=later, ignore_unknown=ignore
        )
    progress("Reading outcomes", AFTER_EVENTS)
    outcomes = read_decisions(config, past.leads, journal)
    journal.stop_if_problems()
    assert past.leads is not None, "leads that could not be read have become problems"
    if outcomes is not None:
        write_cut(outcomes, outcomes["lead_id"], folder, parts, OUTCOMES)
    known_until = newest_moment(past.leads, events.newest, outcomes, journal)
    excluded = excluded_types(config)
    return Partitions(folder, parts, height, events.events, past.attributes, known_until, journal.findings, excluded)
