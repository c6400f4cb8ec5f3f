"""The leads table, for training and for scoring."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from features.attributes import Attribute
from features.config import Config
from features.sources.arrival import arrival_of, read_order
from features.sources.attribute_values import read_attributes
from features.sources.cells import is_filled
from features.sources.instants import read_instants
from features.sources.journal import Journal
from features.sources.label_column import no_label, read_label
from features.sources.lead_ids import read_lead_ids, say_missing
from features.sources.raw_table import RawTable
from features.tables import INSTANT


def read_training_leads(
    config: Config, raw: RawTable, attributes: Sequence[Attribute], journal: Journal
) -> pl.DataFrame | None:
    """Give `Tables.leads` of past leads; None where not even their ids can be told."""
    ids = read_lead_ids(raw, config.leads.id, journal)
    as_of, arrival = _past_times(config, raw, journal)
    label = _label(config, raw, journal)
    values = read_attributes(raw, attributes, config.company.zone, journal)
    return None if ids is None else pl.DataFrame([ids, as_of, arrival, label, *values])


def _label(config: Config, raw: RawTable, journal: Journal) -> pl.Series:
    if config.leads.label is None:
        return no_label(raw.frame.height)
    return read_label(raw, config.leads.label, journal, start_without=config.priors.rate is not None)


def read_leads_to_score(
    config: Config, raw: RawTable, attributes: Sequence[Attribute], now: datetime, journal: Journal
) -> pl.DataFrame | None:
    """Give `Tables.leads` of leads to score, as of their hand-over where it is known, else as of `now`."""
    ids = read_lead_ids(raw, config.leads.id, journal)
    as_of = pl.repeat(now, raw.frame.height, dtype=INSTANT, eager=True).rename("as_of")
    if config.leads.handed_over_at and raw.has(config.leads.handed_over_at):
        handed_over = read_instants(raw, config.leads.handed_over_at, config.company.zone, journal).values
        as_of = handed_over.fill_null(now).rename("as_of")
    values = read_attributes(raw, attributes, config.company.zone, journal)
    if ids is None:
        return None
    return pl.DataFrame([ids, as_of, arrival_of(as_of), no_label(raw.frame.height), *values])


def _past_times(config: Config, raw: RawTable, journal: Journal) -> tuple[pl.Series, pl.Series]:
    """Give `as_of` and `arrival` of past leads, by hand-over, by the order column, or by the order of the rows."""
    leads, height = config.leads, raw.frame.height
    no_times = pl.repeat(None, height, dtype=INSTANT, eager=True).rename("as_of")
    rows = pl.int_range(height, dtype=pl.Int64, eager=True).rename("arrival")
    if leads.handed_over_at:
        if raw.column(leads.handed_over_at, journal, "[leads] handed_over_at") is None:
            return no_times, rows
        as_of = read_instants(raw, leads.handed_over_at, config.company.zone, journal).values.rename("as_of")
        empty = ~is_filled(raw.frame[leads.handed_over_at])
        say_missing(raw, leads.handed_over_at, empty, "write when marketing handed the lead over", journal)
        return as_of, arrival_of(as_of)
    if leads.order:
        order = read_order(config, raw, leads.order, journal)
        return no_times, rows if order is None else arrival_of(order)
    journal.finding("order", f"{raw.file}: leads are taken to have come in as the rows stand, the oldest first")
    return no_times, rows
