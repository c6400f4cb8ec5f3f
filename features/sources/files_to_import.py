"""The files of the past that fill the live store, read and checked as for training."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import polars as pl

from features.attributes import Attribute
from features.config import Config, Events
from features.findings import Finding
from features.sources.attribute_columns import choose_attributes, lead_columns
from features.sources.cells import filled_text
from features.sources.event_ids import with_event_ids
from features.sources.events import event_columns, has_columns, read_events
from features.sources.instants import read_instants
from features.sources.journal import Journal
from features.sources.leads import read_training_leads
from features.sources.raw_table import RawTable
from features.sources.table_file import read_table_file
from features.sources.training import read_decisions
from features.store.schema import CONTENT_CHARACTERS, ID_CHARACTERS, NAME_CHARACTERS, TYPE_CHARACTERS
from features.tables import EVENTS_SCHEMA, INSTANT, OUTCOMES_SCHEMA

LONGEST = {
    "lead_id": ID_CHARACTERS,
    "owner": NAME_CHARACTERS,
    "type": TYPE_CHARACTERS,
    "content": CONTENT_CHARACTERS,
    "reason": CONTENT_CHARACTERS,
}
LABEL_OUTCOMES = {1: "sql", 0: "rejected"}


@dataclass(frozen=True)
class FilesToImport:
    """What the files hold, each in the file's order.

    leads: as in `Tables`, and `owner` and `first_touch_at`. attributes: those that the leads have.
    events: as in `Tables`, of every type and with repeats, and `event_id`. outcomes: as in `Tables`, each with a time.
    notes: what was found out, or left out.
    """

    leads: pl.DataFrame
    attributes: tuple[Attribute, ...]
    events: pl.DataFrame
    outcomes: pl.DataFrame
    notes: tuple[Finding, ...]


def read_files_to_import(config: Config, now: datetime) -> FilesToImport:
    """Read the files that the config names.

    A label without a table of decisions becomes one: it says what the lead was at the end of its horizon, and is left
    for a later import where that is still to come. Raises DataError with every problem of every file.
    """
    journal = Journal()
    _say_what_is_needed(config, journal)
    journal.stop_if_problems()
    raw = _open_leads(config, journal)
    attributes = choose_attributes(config, raw, journal) if raw else ()
    leads = _read_leads(config, raw, attributes, journal) if raw else None
    events = _read_events(config, None if leads is None else leads["lead_id"], journal)
    outcomes = read_decisions(config, leads, journal)
    for file, table in (("leads", leads), ("events", events), ("outcomes", outcomes)):
        if table is not None:
            _say_unfit(config, file, table, journal)
    journal.stop_if_problems()
    assert leads is not None, "leads that could not be read have become problems"
    decided = _decided(config, leads, outcomes, now, journal)
    return FilesToImport(leads, attributes, events, decided, journal.findings)


def _say_what_is_needed(config: Config, journal: Journal) -> None:
    said, file = config.leads, config.path.name
    if said.file is None:
        journal.problem("[leads] file is missing", "name the file of past leads", file)
    if said.id is None:
        journal.problem("[leads] id is missing", "the store tells leads apart by their ids: name the column", file)
    if said.handed_over_at is None:
        remedy = "the store has to know when each lead was handed over, an order is not enough: name the column"
        journal.problem("[leads] handed_over_at is missing", remedy, file)


def _open_leads(config: Config, journal: Journal) -> RawTable | None:
    assert config.leads.file is not None, "asked for before"
    return read_table_file(config.leads.file, config.leads, journal, lead_columns(config))


def _read_leads(
    config: Config, raw: RawTable, attributes: tuple[Attribute, ...], journal: Journal
) -> pl.DataFrame | None:
    leads = read_training_leads(config, raw, attributes, journal)
    owner = pl.repeat(None, raw.frame.height, dtype=pl.String, eager=True)
    if config.leads.owner is not None:
        series = raw.column(config.leads.owner, journal, "[leads] owner")
        owner = owner if series is None else filled_text(series, category=True)
    touched = pl.repeat(None, raw.frame.height, dtype=INSTANT, eager=True)
    said = config.leads.first_touch_at
    if said is not None and raw.column(said, journal, "[leads] first_touch_at") is not None:
        touched = read_instants(raw, said, config.company.zone, journal).values
    return None if leads is None else leads.with_columns(owner.alias("owner"), touched.alias("first_touch_at"))


def _read_events(config: Config, lead_ids: pl.Series | None, journal: Journal) -> pl.DataFrame:
    said = config.events
    if said is None or said.file is None:
        return pl.DataFrame(schema=EVENTS_SCHEMA | {"event_id": pl.String})
    raw = read_table_file(said.file, said, journal, event_columns(said))
    if raw is None or not has_columns(said, raw, journal):
        return pl.DataFrame(schema=EVENTS_SCHEMA | {"event_id": pl.String})
    if said.unknown_leads == "ignore" and lead_ids is not None:
        raw = _of_leads(said, raw, lead_ids, journal)
    plain = said.model_copy(update={"event_id": None, "exclude": ()})
    events = read_events(plain, raw, config.company.zone, lead_ids, journal, ignore_unknown=False)
    return with_event_ids(events, None if said.event_id is None else raw.frame[said.event_id])


def _of_leads(said: Events, raw: RawTable, lead_ids: pl.Series, journal: Journal) -> RawTable:
    keep = filled_text(raw.frame[said.lead_id], category=True).is_in(lead_ids.implode()).fill_null(value=False)
    others = len(keep) - int(keep.sum())
    journal.count("unused", raw.file, others, "events of leads that are not in the leads file are left out")
    return replace(raw, frame=raw.frame.filter(keep), rows=raw.rows.filter(keep))


def _say_unfit(config: Config, section: str, table: pl.DataFrame, journal: Journal) -> None:
    """Write down text that the store cannot hold: too long, or with a NUL character."""
    file = getattr(config, section).file.name if getattr(config, section) else None
    for name, text in _texts(table):
        longest = LONGEST.get(name)
        too_long = text.filter(text.str.len_chars() > longest) if longest else text.head(0)
        if len(too_long):
            what = f"has {len(too_long):,} cells of more than {longest} characters in its {name}, the first"
            journal.problem(what, "shorten them", file, value=too_long[0])
        nul = int(text.str.contains("\0", literal=True).sum() or 0)
        if nul:
            journal.problem(f"has {nul:,} cells with a NUL character in its {name}", "take it out", file)


def _texts(table: pl.DataFrame) -> Iterator[tuple[str, pl.Series]]:
    yield from (
        (name, table[name]) for name, dtype in table.schema.items() if dtype == pl.String and name != "event_id"
    )


def _decided(
    config: Config, leads: pl.DataFrame, outcomes: pl.DataFrame | None, now: datetime, journal: Journal
) -> pl.DataFrame:
    """Give the decisions, each with a time: an unworked lead was so at its hand-over."""
    if outcomes is None:
        return _from_labels(leads, timedelta(days=config.label.horizon_days), now, journal)
    if config.leads.label is not None:
        journal.finding("label", f"the label is not imported: {config.path.name} names decisions in [outcomes]")
    handed_over = outcomes.join(leads.select("lead_id", "as_of"), on="lead_id", how="left", maintain_order="left")
    decided_at = pl.coalesce("decided_at", "as_of").alias("decided_at")
    return handed_over.select("lead_id", decided_at, "outcome", "reason")


def _from_labels(leads: pl.DataFrame, horizon: timedelta, now: datetime, journal: Journal) -> pl.DataFrame:
    known = leads.filter(pl.col("label").is_not_null()).select(
        "lead_id",
        decided_at=pl.col("as_of") + horizon,
        outcome=pl.col("label").replace_strict(LABEL_OUTCOMES, return_dtype=pl.String),
        reason=pl.lit(None, dtype=pl.String),
    )
    if not known.height:
        return pl.DataFrame(schema=OUTCOMES_SCHEMA)
    past = known.filter(pl.col("decided_at") <= now)
    detail = (
        f"{past.height:,} labels become decisions at the end of the lead's horizon, as no file says when sales did; "
        f"{known.height - past.height:,} whose horizon has not passed are left for a later import"
    )
    journal.finding("label", detail)
    return past
