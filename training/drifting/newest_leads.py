"""The newest leads, which a model is compared on: those it did not learn from, unless others are named."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import polars as pl

from features.attributes import Attribute, Kind
from features.config import Config
from features.errors import DataError
from features.findings import Severity
from features.labels import label_leads
from features.problems import Problem
from features.sources import read_scoring_tables
from features.tables import INSTANT, Tables, column_of
from serving.model.scoring import ScoringModel
from training.champion.learned import newer_than
from training.drifting.shift import Shift
from training.measuring.metrics import Floats

_TYPES: dict[Kind, pl.DataType | type[pl.DataType]] = {
    Kind.NUMBER: pl.Float64,
    Kind.FLAG: pl.Float64,
    Kind.CATEGORY: pl.String,
    Kind.DATE: INSTANT,
}


@dataclass(frozen=True)
class NewestLeads:
    """Leads with every attribute that the model reads, their events, and what became of them.

    y: float64[leads], 1 or 0, NaN where it is not known or the model learned from it. which: says in words which
    leads these are. gone: attributes that the data has no longer, empty in `leads`.
    """

    leads: pl.DataFrame
    events: pl.DataFrame
    y: Floats
    which: str
    gone: tuple[Shift, ...] = ()


def newest_of(config: Config, tables: Tables, model: ScoringModel, since: datetime | None = None) -> NewestLeads:
    """Choose the leads handed over since a moment, or else all that came after those the model learned from.

    `since` has a zone; the day it is there is the day that is said. Raises DataError where it is asked for and no
    lead has a time.
    """
    newer = newer_than(model, tables.leads)
    y = np.where(newer, label_leads(tables, config.label.horizon_days).y, np.nan)
    chosen, which = newer, "newer than all it learned from"
    if since is not None:
        if config.leads.handed_over_at is None:
            remedy = "leave --since out, or name the time of hand-over in [leads] handed_over_at"
            raise DataError([Problem("leads have no time to choose by", remedy, config.path.name)])
        chosen, which = (
            (tables.leads["as_of"] >= since.astimezone(UTC)).to_numpy(),
            f"handed over since {since:%Y-%m-%d}",
        )
    leads, gone = with_attributes(tables.leads.filter(chosen), tables.attributes, model.catalog.attributes)
    return NewestLeads(leads, tables.events, y[chosen], which, gone)


def newest_in_file(
    config: Config, model: ScoringModel, leads_file: Path, events_file: Path | None, now: datetime
) -> NewestLeads:
    """Read leads of a file of their own, which says nothing of their outcomes. Raises DataError with all problems."""
    tables = read_scoring_tables(config, leads_file, events_file, model.catalog.attributes, now)
    unknown = np.full(tables.leads.height, np.nan)
    return NewestLeads(tables.leads, tables.events, unknown, f"of {leads_file.name}")


def with_attributes(
    leads: pl.DataFrame, there: Sequence[Attribute], read: Sequence[Attribute]
) -> tuple[pl.DataFrame, tuple[Shift, ...]]:
    """Add, empty, the attributes that are read and are there no longer or as another kind, and say so of each."""
    kinds = {attribute.name: attribute.kind for attribute in there}
    gone = [each for each in read if kinds.get(each.name) is not each.kind]
    empty = [pl.lit(None, _TYPES[each.kind]).alias(column_of(each)) for each in gone]
    return leads.with_columns(empty), tuple(_gone(each, kinds.get(each.name)) for each in gone)


def _gone(attribute: Attribute, kind: Kind | None) -> Shift:
    now = "is not in the data any more" if kind is None else f"is read as {kind.value} and was {attribute.kind.value}"
    detail = f"column {attribute.name!r}, which the model reads, {now}"
    return Shift("column", attribute.name, attribute.name, 1.0, None, None, 0.0, Severity.ERROR, detail)
