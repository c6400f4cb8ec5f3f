"""The tables that a model is trained on, from files."""

from dataclasses import dataclass
from datetime import datetime

import polars as pl

from features.attributes import Attribute
from features.config import Config
from features.sources.attribute_columns import choose_attributes, lead_columns
from features.sources.events import event_columns, read_events
from features.sources.journal import Journal
from features.sources.leads import read_training_leads
from features.sources.outcomes import outcome_columns, read_outcomes
from features.sources.raw_table import RawTable
from features.sources.table_file import read_table_file
from features.tables import Tables, no_events


@dataclass(frozen=True)
class PastLeads:
    """`Tables.leads` of past leads, None where they could not be read, and the attributes that they have."""

    leads: pl.DataFrame | None
    attributes: tuple[Attribute, ...]

    @property
    def ids(self) -> pl.Series | None:
        """Give the leads' ids."""
        return None if self.leads is None else self.leads["lead_id"]


def read_training_files(config: Config) -> Tables:
    """Read leads, events and outcomes as the config says, typed and checked.

    Raises DataError with every problem of every file.
    """
    journal = Journal()
    past = read_past_leads(config, journal)
    events = _read_events(config, past.ids, journal)
    outcomes = read_decisions(config, past.leads, journal)
    journal.stop_if_problems()
    assert past.leads is not None, "leads that could not be read have become problems"
    known_until = newest_moment(past.leads, newest_of(events["occurred_at"]), outcomes, journal)
    return Tables(past.leads, events, outcomes, past.attributes, known_until, journal.findings, excluded_types(config))


def read_past_leads(config: Config, journal: Journal) -> PastLeads:
    """Read the leads to train on, with their attributes chosen as the config says."""
    raw = _open_leads(config, journal)
    attributes = choose_attributes(config, raw, journal) if raw else ()
    if raw and not attributes and config.events is None:
        remedy = "list columns under [features], or give what the leads did in [events]"
        journal.problem("there is nothing to learn from", remedy, raw.file)
    return PastLeads(read_training_leads(config, raw, attributes, journal) if raw else None, attributes)


def read_decisions(config: Config, leads: pl.DataFrame | None, journal: Journal) -> pl.DataFrame | None:
    """Read what sales decided about the leads; None without an [outcomes] part, or with problems."""
    said = config.outcomes
    if said is None or said.file is None:
        return None
    raw = read_table_file(said.file, said, journal, outcome_columns(said), may_lack_rows=True)
    return read_outcomes(said, raw, config.company.zone, leads, journal) if raw else None


def newest_moment(
    leads: pl.DataFrame, event: datetime | None, outcomes: pl.DataFrame | None, journal: Journal
) -> datetime | None:
    """Give the newest moment of the tables, and write down the newest of each: one mistyped year would show here."""
    times = {"hand-over": newest_of(leads["as_of"]), "event": event}
    if outcomes is not None:
        times["decision"] = newest_of(outcomes["decided_at"])
    newest = {name: moment for name, moment in times.items() if moment is not None}
    if newest:
        said = ", ".join(f"{name} {moment:%Y-%m-%d %H:%M}" for name, moment in newest.items())
        journal.finding("time", f"the newest (UTC): {said}")
    return max(newest.values(), default=None)


def excluded_types(config: Config) -> tuple[str, ...]:
    """Give the types of events that the config leaves out."""
    return config.events.exclude if config.events else ()


def newest_of(times: pl.Series) -> datetime | None:
    """Give the newest of some moments; None where there is none."""
    newest = times.max()
    return newest if isinstance(newest, datetime) else None


def _open_leads(config: Config, journal: Journal) -> RawTable | None:
    leads, file = config.leads, config.path.name
    if leads.label is None and config.outcomes is None:
        remedy = "name the column in [leads] label, or the table of decisions in [outcomes]"
        journal.problem("nothing says which leads became SQLs", remedy, file)
    if leads.file is None:
        journal.problem("[leads] file is missing", "name the file of past leads", file)
        return None
    return read_table_file(leads.file, leads, journal, lead_columns(config))


def _read_events(config: Config, leads: pl.Series | None, journal: Journal) -> pl.DataFrame:
    said = config.events
    if said is None or said.file is None:
        return no_events()
    raw = read_table_file(said.file, said, journal, event_columns(said))
    if raw is None:
        return no_events()
    ignore = said.unknown_leads == "ignore"
    return read_events(said, raw, config.company.zone, leads, journal, ignore_unknown=ignore)
