"""The events table, for training and for scoring."""

from zoneinfo import ZoneInfo

import polars as pl

from features.config import Events
from features.findings import Severity
from features.sources.cells import filled_text, is_filled
from features.sources.instants import read_instants
from features.sources.journal import Journal
from features.sources.lead_ids import say_missing, say_unknown_leads
from features.sources.raw_table import RawTable
from features.tables import no_events

REMEDY = 'add the lead to the leads file, or say unknown_leads = "ignore" in [events]'


def event_columns(said: Events) -> frozenset[str]:
    """Give the columns that an events file is read for."""
    named = (said.lead_id, said.occurred_at, said.type, said.content, said.event_id)
    return frozenset(each for each in named if each is not None)


def read_events(
    said: Events, raw: RawTable, zone: ZoneInfo, leads: pl.Series | None, journal: Journal, *, ignore_unknown: bool
) -> pl.DataFrame:
    """Give `Tables.events` of the leads with the ids `leads`, in the file's order; a lead's repeated id counts once.

    Events of other leads become problems, or with `ignore_unknown` are left out whatever is in them. With `leads`
    None, where the leads could not be read, only the events' own problems are looked for.
    """
    if not has_columns(said, raw, journal):
        return no_events()
    ids = filled_text(raw.frame[said.lead_id], category=True).rename("lead_id")
    keep = _known_leads(ids, leads)
    if ignore_unknown:
        _count_ignored(raw, keep, journal)
    else:
        say_missing(raw, said.lead_id, ids.is_null(), "write the lead's id, or take the row out", journal)
        say_unknown_leads(raw, said.lead_id, ~keep & ids.is_not_null(), REMEDY, journal)
        keep = pl.repeat(value=True, n=len(ids), dtype=pl.Boolean, eager=True)
    events = pl.DataFrame([ids, _read_times(said, raw, zone, keep, journal), *_read_words(said, raw, keep, journal)])
    wanted = _wanted(said, raw, events["type"], keep, journal)
    return events.filter(wanted & _first_of_its_id(said, raw, ids, keep, journal))


def has_columns(said: Events, raw: RawTable, journal: Journal) -> bool:
    """Say whether the file has every column that is named; those that it lacks become problems."""
    keys = ("lead_id", "occurred_at", "type", "content", "event_id")
    named = {key: getattr(said, key) for key in keys if getattr(said, key) is not None}
    found = [raw.column(column, journal, f"[events] {key}") is not None for key, column in named.items()]
    return all(found)


def _known_leads(ids: pl.Series, leads: pl.Series | None) -> pl.Series:
    """Say which rows are about one of the leads; all with an id, where the leads could not be read."""
    return ids.is_not_null() if leads is None else ids.is_in(leads.implode()).fill_null(value=False)


def _count_ignored(raw: RawTable, keep: pl.Series, journal: Journal) -> None:
    others = len(keep) - int(keep.sum())
    journal.count("unused", raw.file, others, "events of leads that are not in the leads file are ignored")


def _read_times(said: Events, raw: RawTable, zone: ZoneInfo, keep: pl.Series, journal: Journal) -> pl.Series:
    column = said.occurred_at
    instants = read_instants(raw, column, zone, journal, keep)
    empty = ~is_filled(raw.frame[column]) & keep
    say_missing(raw, column, empty, "write when it happened, or take the row out", journal)
    if (instants.date_only & keep).any():
        detail = (
            f"{raw.file}: column {column!r} has dates without a time of day; what a lead did on the day of its "
            "hand-over counts as before it, though it may have been after"
        )
        journal.finding("time", detail, column, Severity.WARNING)
    return instants.values.rename("occurred_at")


def _read_words(said: Events, raw: RawTable, keep: pl.Series, journal: Journal) -> tuple[pl.Series, pl.Series]:
    """Give `type` and `content`."""
    types = filled_text(raw.frame[said.type], category=True).rename("type")
    say_missing(raw, said.type, types.is_null() & keep, "write what the lead did, or take the row out", journal)
    if said.content is None:
        return types, pl.repeat(None, len(types), dtype=pl.String, eager=True).rename("content")
    return types, filled_text(raw.frame[said.content], category=True).rename("content")


def _wanted(said: Events, raw: RawTable, types: pl.Series, keep: pl.Series, journal: Journal) -> pl.Series:
    """Say which of the rows to keep are not of a type that the config excludes."""
    excluded = types.is_in(said.exclude).fill_null(value=False)
    if said.exclude:
        left_out = int((keep & excluded).sum())
        what = "events of types that [events] exclude names are left out"
        journal.count("unused", raw.file, left_out, what, even_none=True)
    return keep & ~excluded


def _first_of_its_id(said: Events, raw: RawTable, leads: pl.Series, keep: pl.Series, journal: Journal) -> pl.Series:
    """Say which rows do not repeat the event id of a row above of the same lead; one without an id repeats none."""
    if said.event_id is None:
        return pl.repeat(value=True, n=raw.frame.height, dtype=pl.Boolean, eager=True)
    event_ids = raw.frame[said.event_id]
    if not event_ids.dtype.is_integer():
        event_ids = filled_text(event_ids, category=True)
    first = _first_of_pair(leads, event_ids)
    what = "rows repeat an event id and are left out"
    journal.count("repeated", raw.file, int((keep & ~first).sum()), what, said.event_id)
    return first


def _first_of_pair(leads: pl.Series, event_ids: pl.Series) -> pl.Series:
    """Say which rows do not repeat the lead and event id of a row above; the pairs are formed of repeated ids alone."""
    repeated = event_ids.is_duplicated() & event_ids.is_not_null()
    rows = repeated.arg_true()
    pairs = pl.DataFrame({"lead": leads.gather(rows), "id": event_ids.gather(rows)}).to_struct()
    again = rows.filter(~pairs.is_first_distinct())
    return pl.repeat(value=True, n=len(leads), dtype=pl.Boolean, eager=True).scatter(again, values=False)
