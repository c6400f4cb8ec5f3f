"""The tables that a model is trained on, from the live store: what was known of each lead when it was handed over."""

from dataclasses import dataclass, replace
from typing import Any

import polars as pl
from sqlalchemy import Connection, Select, case, func, select

from features.config import Config
from features.errors import DataError
from features.sources.arrival import arrival_of
from features.sources.attribute_columns import choose_attributes
from features.sources.attribute_frame import attribute_frame
from features.sources.attribute_values import read_attributes
from features.sources.journal import Journal
from features.sources.label_column import no_label
from features.sources.raw_table import RawTable
from features.sources.training import excluded_types, newest_moment, newest_of
from features.store.columns import microseconds
from features.store.engine import open_store
from features.store.events import event_table
from features.store.schema import events, lead_changes, leads, outcomes
from features.tables import INSTANT, OUTCOMES_SCHEMA, Tables

SOURCE = "the store"
HANDED_OVER = "handed_over_at"  # a column of this name is taken for the hand-over, not for an attribute
FILL_IT = "fill it with `leadsift import`, let the CRM send leads, or name [leads] file"


def read_store_tables(config: Config) -> Tables:
    """Read the leads of the store that were handed over, what they did and what sales decided, typed and checked.

    Attributes are those known at the hand-over, or the first that were known where none were then. Leads stand in the
    order in which the store came to know them, attributes that the config does not list by name.
    Raises DataError with every problem, StoreError where the store cannot be read.
    """
    store, journal = open_store(config.store.url), Journal()
    try:
        with store.reading() as connection:
            found = _read(connection, config, journal)
    finally:
        store.close()
    return _typed(config, found, journal)


@dataclass(frozen=True)
class _Found:
    """What the store holds. leads: `lead_id` and `as_of`; raw: their attributes; events, outcomes: as in `Tables`."""

    leads: pl.DataFrame
    raw: RawTable
    events: pl.DataFrame
    outcomes: pl.DataFrame


def _read(connection: Connection, config: Config, journal: Journal) -> _Found:
    held, raw = _read_leads(connection, config)
    ids = held["lead_id"]
    return _Found(held, raw, _read_events(connection, config, ids, journal), _read_outcomes(connection, ids))


def _read_leads(connection: Connection, config: Config) -> tuple[pl.DataFrame, RawTable]:
    """Give `lead_id` and `as_of` of each lead, and its attributes as a table whose row numbers are places in it."""
    rows = connection.execute(_as_handed_over(connection)).all()
    schema = {"lead_id": pl.String, "as_of": pl.Int64}
    held = pl.DataFrame([row[:2] for row in rows], schema=schema, orient="row")
    frame = attribute_frame([row.attributes for row in rows])
    places = pl.int_range(len(rows), dtype=pl.Int64, eager=True)
    raw = RawTable(SOURCE, tuple(frame.columns), frame, places, ".", config.leads)
    return held.with_columns(pl.col("as_of").cast(INSTANT)), raw


def _as_handed_over(connection: Connection) -> Select[Any]:
    """Ask for each lead with its newest attributes up to the hand-over, or else the first after it."""
    handed_over = leads.c.handed_over_at
    after = case((lead_changes.c.changed_at > handed_over, 1), else_=0)
    best_first = (
        after,
        case((after == 0, lead_changes.c.changed_at)).desc(),
        case((after == 1, lead_changes.c.changed_at)),
        case((after == 0, -lead_changes.c.id), else_=lead_changes.c.id),
    )
    ranked = (
        select(
            leads.c.lead_id,
            microseconds(handed_over, connection.dialect).label("as_of"),
            lead_changes.c.attributes,
            func.row_number().over(partition_by=leads.c.lead_id, order_by=best_first).label("rank"),
            func.min(lead_changes.c.id).over(partition_by=leads.c.lead_id).label("first_change"),
        )
        .join(lead_changes, lead_changes.c.lead_id == leads.c.lead_id)
        .where(handed_over.is_not(None))
        .subquery()
    )
    wanted: Select[Any] = select(*ranked.c["lead_id", "as_of", "attributes"]).where(ranked.c.rank == 1)
    return wanted.order_by(ranked.c.first_change)


def _read_events(connection: Connection, config: Config, lead_ids: pl.Series, journal: Journal) -> pl.DataFrame:
    of_past_leads = events.c.lead_id.in_(select(leads.c.lead_id).where(leads.c.handed_over_at.is_not(None)))
    found = event_table(connection, of_past_leads)
    excluded = excluded_types(config)
    kept = found.filter(~pl.col("type").is_in(excluded), pl.col("lead_id").is_in(lead_ids.implode()))
    if excluded:
        what = "events of types that [events] exclude names are left out"
        journal.count("unused", SOURCE, found.height - kept.height, what, even_none=True)
    return kept


def _read_outcomes(connection: Connection, lead_ids: pl.Series) -> pl.DataFrame:
    moment = microseconds(outcomes.c.decided_at, connection.dialect)
    wanted = select(outcomes.c.lead_id, moment, outcomes.c.outcome, outcomes.c.reason).order_by(outcomes.c.id)
    raw = OUTCOMES_SCHEMA | {"decided_at": pl.Int64}
    found = pl.DataFrame(connection.execute(wanted).all(), schema=raw, orient="row")
    of_leads = found.filter(pl.col("lead_id").is_in(lead_ids.implode()))
    return of_leads.with_columns(pl.col("decided_at").cast(INSTANT))


def _typed(config: Config, found: _Found, journal: Journal) -> Tables:
    attributes = choose_attributes(_as_of_the_store(config, found.raw), found.raw, journal)
    values = read_attributes(found.raw, attributes, config.company.zone, journal)
    ids, as_of = found.leads["lead_id"], found.leads["as_of"]
    if not len(ids):
        journal.problem("holds no lead that was handed over", FILL_IT, SOURCE)
    elif not attributes and not found.events.height:
        remedy = "send attributes or events with the leads, or list columns under [features]"
        journal.problem("there is nothing to learn from", remedy, SOURCE)
    _say_unread_files(config, journal)
    _stop_if_problems(journal, ids)
    table = pl.DataFrame([ids, as_of, arrival_of(as_of), no_label(len(ids)), *values])
    known_until = newest_moment(table, newest_of(found.events["occurred_at"]), found.outcomes, journal)
    excluded = excluded_types(config)
    return Tables(table, found.events, found.outcomes, attributes, known_until, journal.findings, excluded)


def _say_unread_files(config: Config, journal: Journal) -> None:
    """Say that files which the config names beside the store are not read, unless it says so itself."""
    for section, said in (("events", config.events), ("outcomes", config.outcomes)):
        if said is not None and said.file is not None and config.leads.source is None:
            detail = f"{said.file.name} is not read: leads come from the store, and so does what [{section}] tells"
            journal.finding("unused", detail)


def _as_of_the_store(config: Config, raw: RawTable) -> Config:
    """Give a config that says what the store says by itself: each lead has a hand-over, and no column is left out."""
    said = config.leads
    own = {
        "handed_over_at": said.handed_over_at or HANDED_OVER,
        "exclude": tuple(name for name in said.exclude if raw.has(name)),
    }
    return config.model_copy(update={"leads": said.model_copy(update=own)})


def _stop_if_problems(journal: Journal, lead_ids: pl.Series) -> None:
    """Raise DataError with all problems, each with the id of its lead in the place of a row."""
    problems = journal.problems
    if problems:
        raise DataError(
            [
                each if each.row is None else replace(each, row=None, file=f"{each.file}, lead {lead_ids[each.row]!r}")
                for each in problems
            ]
        )
