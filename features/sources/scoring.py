"""The tables of leads to score."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import polars as pl

from features.attributes import Attribute
from features.config import Config, Events
from features.sources.events import event_columns, read_events
from features.sources.journal import Journal
from features.sources.leads import read_leads_to_score
from features.sources.table_file import read_table_file
from features.tables import Tables, no_events


def read_scoring_tables(
    config: Config, leads_file: Path, events_file: Path | None, attributes: Sequence[Attribute], now: datetime
) -> Tables:
    """Read leads to score, with the attributes that the model reads, and what they did.

    `as_of` is the hand-over where the file has it, else `now`. Neither label nor outcomes are read, columns that the
    model does not know are ignored, and so are events of other leads, since a file to score may hold some leads only.
    Raises DataError with every problem of both files.
    """
    journal = Journal()
    leads = read_new_leads(config, leads_file, attributes, now, journal)
    events = _read_events(config, events_file, leads, journal)
    journal.stop_if_problems()
    assert leads is not None, "leads that could not be read have become problems"
    return Tables(leads, events, None, tuple(attributes), now, journal.findings)


def read_new_leads(
    config: Config, file: Path, attributes: Sequence[Attribute], now: datetime, journal: Journal
) -> pl.DataFrame | None:
    """Read the leads to score; None, with problems, where not even their ids can be told."""
    keys = (config.leads.id, config.leads.handed_over_at)
    columns = {each for each in keys if each is not None} | {each.name for each in attributes}
    raw = read_table_file(file, config.leads, journal, frozenset(columns))
    return read_leads_to_score(config, raw, attributes, now, journal) if raw else None


def said_of_events(config: Config, file: Path, journal: Journal) -> Events | None:
    """Give what the config says of the columns of a file of events; where it says nothing, that is a problem."""
    if config.events is None:
        remedy = "name its columns in [events] of the config, or leave the events file out"
        journal.problem("cannot be read: nothing says what its columns are", remedy, file.name)
    return config.events


def _read_events(config: Config, file: Path | None, leads: pl.DataFrame | None, journal: Journal) -> pl.DataFrame:
    said = said_of_events(config, file, journal) if file else None
    if file is None or said is None:
        return no_events()
    raw = read_table_file(file, said, journal, event_columns(said))
    if raw is None:
        return no_events()
    ids = None if leads is None else leads["lead_id"]
    return read_events(said, raw, config.company.zone, ids, journal, ignore_unknown=True)
