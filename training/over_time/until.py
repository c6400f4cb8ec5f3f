"""Training as if it were an earlier day: from what was known when that day ended, and nothing later.

So a model can be judged on all that came after, and the leads of that time get the scores they would have had.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import polars as pl

from features.config import Config
from features.errors import DataError
from features.findings import Finding, Severity
from features.labels import label_leads
from features.problems import Problem
from features.progress import Progress
from features.sources import read_training_tables
from features.tables import Tables
from training.material import Material, Read


def because_of(last: date) -> str:
    """Give what called for a training as of the end of the day `last`."""
    return f"to learn what could be known when {last} ended"


def read_until(last: date) -> Read:
    """Give what reads past leads as they were known when the day `last` ended, on the company's clock."""

    def read(config: Config, progress: Progress) -> AbstractContextManager[Material]:
        return _read(config, progress, last)

    return read


@contextmanager
def _read(config: Config, progress: Progress, last: date) -> Iterator[Material]:
    progress("Reading", 0.0)
    ended = datetime.combine(last + timedelta(days=1), time(), config.company.zone).astimezone(UTC)
    tables = tables_before(read_training_tables(config), ended, config.label.horizon_days)
    yield Material(tables, label_leads(tables, config.label.horizon_days))


def tables_before(tables: Tables, moment: datetime, horizon_days: int) -> Tables:
    """Give what was known of the leads just before a moment, in UTC.

    A label that stands with the lead itself is known once its horizon has passed: nothing says when it was filled in.
    Raises DataError where the leads have no time, or none of them had come by then.
    """
    leads = tables.leads
    if leads["as_of"].null_count():
        remedy = "name the column in [leads] handed_over_at"
        raise DataError([Problem("the leads have no hand-over time to learn as of an earlier day by", remedy)])
    there = leads.filter(pl.col("as_of") < moment)
    if not there.height:
        first = f"{leads['as_of'].min()!s:.10}"
        what = f"no lead had been handed over by then: the first came on {first}"
        raise DataError([Problem(what, "give a later day with --until")])
    is_old = pl.col("as_of") + timedelta(days=horizon_days) < moment
    there = there.with_columns(pl.when(is_old).then("label").alias("label"))
    known_until = None if tables.known_until is None else min(tables.known_until, moment)
    said = f"of {leads.height:,} leads the {there.height:,} that had come by {moment:%Y-%m-%d %H:%M} are learned from"
    return replace(
        tables,
        leads=there,
        events=tables.events.filter(
            pl.col("occurred_at") < moment, pl.col("lead_id").is_in(there["lead_id"].implode())
        ),
        outcomes=_decided_before(tables.outcomes, moment, there["lead_id"]),
        known_until=known_until,
        notes=(*tables.notes, Finding("time", Severity.INFO, None, said)),
    )


def _decided_before(outcomes: pl.DataFrame | None, moment: datetime, lead_ids: pl.Series) -> pl.DataFrame | None:
    """Give what sales had decided; that a lead was unworked, without a time, is nothing that was decided."""
    if outcomes is None:
        return None
    return outcomes.filter(pl.col("decided_at") < moment, pl.col("lead_id").is_in(lead_ids.implode()))
