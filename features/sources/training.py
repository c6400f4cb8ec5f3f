"""The tables that a model is trained on."""

from datetime import datetime

import polars as pl

from features.config import Config
from features.sources.attribute_columns import choose_attributes, lead_columns
from features.sources.events import event_columns, read_events
from features.sources.journal import Journal
from features.sources.leads import read_training_leads
from features.sources.outcomes import outcome_columns, read_outcomes
from features.sources.raw_table import RawTable
from features.sources.table_file import read_table_file
from features.tables import Tables, no_events


def read_training_tables(config: Config) -> Tables:
    """Read leads, events and outcomes as the config says, typed and checked.

    Raises DataError with every problem of every file.
    """
    journal = Journal()
    raw = _open_leads(config, journal)
    attributes = choose_attributes(config, raw, journal) if raw else ()
    if raw and not attributes and config.events is None:
        remedy = "list columns under [features], or give what the leads did in [events]"
        journal.problem("there is nothing to learn from", remedy, raw.file)
    leads = read_training_leads(config, raw, attributes, journal) if raw else None
    events = _read_events(config, leads, journal)
    outcomes = _read_outcomes(config, leads, journal)
    journal.stop_if_problems()
    assert leads is not None, "leads that could not be read have become problems"
    known_until = _known_until(leads, events, outcomes, journal)
    excluded = config.events.exclude if config.events else ()
    return Tables(leads, events, outcomes, attributes, known_until, tuple(journal.findings), excluded)


def _open_leads(config: Config, journal: Journal) -> RawTable | None:
    leads, file = config.leads, config.path.name
    if leads.label is None and config.outcomes is None:
        remedy = "name the column in [leads] label, or the table of decisions in [outcomes]"
        journal.problem("nothing says which leads became SQLs", remedy, file)
    if leads.file is None:
        journal.problem("[leads] file is missing", "name the file of past leads to train on", file)
        return None
    return read_table_file(leads.file, leads, journal, lead_columns(config))


def _read_events(config: Config, leads: pl.DataFrame | None, journal: Journal) -> pl.DataFrame:
    said = config.events
    if said is None:
        return no_events()
    raw = read_table_file(said.file, said, journal, event_columns(said))
    if raw is None:
        return no_events()
    ids = None if leads is None else leads["lead_id"]
    ignore = said.unknown_leads == "ignore"
    return read_events(said, raw, config.company.zone, ids, journal, ignore_unknown=ignore)


def _read_outcomes(config: Config, leads: pl.DataFrame | None, journal: Journal) -> pl.DataFrame | None:
    said = config.outcomes
    if said is None:
        return None
    raw = read_table_file(said.file, said, journal, outcome_columns(said), may_lack_rows=True)
    return read_outcomes(said, raw, config.company.zone, leads, journal) if raw else None


def _known_until(
    leads: pl.DataFrame, events: pl.DataFrame, outcomes: pl.DataFrame | None, journal: Journal
) -> datetime | None:
    """Give the newest moment of the tables, and write down the newest of each: one mistyped year would show here."""
    times = {"hand-over": leads["as_of"], "event": events["occurred_at"]}
    if outcomes is not None:
        times["decision"] = outcomes["decided_at"]
    newest = {name: moment for name, each in times.items() if isinstance(moment := each.max(), datetime)}
    if newest:
        said = ", ".join(f"{name} {moment:%Y-%m-%d %H:%M}" for name, moment in newest.items())
        journal.finding("time", f"the newest (UTC): {said}")
    return max(newest.values(), default=None)
