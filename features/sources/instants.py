"""A column of moments, from any type that a file may hold it in."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from features.sources.cells import filled_text, is_filled
from features.sources.date_text import parse_dates
from features.sources.day_order import DayOrder
from features.sources.journal import Journal
from features.sources.local_time import localize
from features.sources.raw_table import RawTable
from features.tables import INSTANT

YEARS = (1900, 2100)  # 9999-12-31 and the like mean "no end" in many a system, and would make every lead old enough
WRITE_DATE = "write it as 2026-03-01 or 2026-03-01T10:00:00Z"


@dataclass(frozen=True)
class Instants:
    """Moments of a column: Datetime(us, UTC), null where missing; and where only a day is known, not the time."""

    values: pl.Series
    date_only: pl.Series


def read_instants(
    raw: RawTable, column: str, zone: ZoneInfo, journal: Journal, keep: pl.Series | None = None
) -> Instants:
    """Read a column that the file has; cells that are no date from 1900 to 2100 become problems, and are null.

    A date without a time is the start of that day, and a time without a zone is on the clocks of `zone`. With
    `keep`, only problems of rows where it is true are written down.
    """
    filled = is_filled(raw.frame[column])
    wanted = filled if keep is None else filled & keep
    read = _read(raw, column, zone, wanted, journal)
    far = (~read.values.dt.year().is_between(*YEARS)).fill_null(value=False)
    journal.bad_cells(raw.bad_cells(column, far & wanted), f"is not from {YEARS[0]} to {YEARS[1]}", WRITE_DATE)
    return Instants(read.values.set(far, None), read.date_only)


def _read(raw: RawTable, column: str, zone: ZoneInfo, wanted: pl.Series, journal: Journal) -> Instants:
    series = raw.frame[column]
    if series.dtype == pl.Date:
        return Instants(localize(series.cast(pl.Datetime("us")), zone), series.is_not_null())
    if isinstance(series.dtype, pl.Datetime):
        in_utc = series.dtype.time_zone is not None
        values = series.dt.convert_time_zone("UTC").cast(INSTANT) if in_utc else localize(series, zone)
        return Instants(values, _nowhere(len(series)))
    if series.dtype != pl.String:
        journal.bad_cells(raw.bad_cells(column, wanted), "is not a date", WRITE_DATE)
        return Instants(pl.repeat(None, len(series), dtype=INSTANT, eager=True), _nowhere(len(series)))
    return _read_text(raw, column, zone, wanted, journal)


def _nowhere(height: int) -> pl.Series:
    return pl.repeat(value=False, n=height, dtype=pl.Boolean, eager=True)


def _read_text(raw: RawTable, column: str, zone: ZoneInfo, wanted: pl.Series, journal: Journal) -> Instants:
    """Read dates written as text; of those that are `wanted`, the ones that are no date become problems."""
    text = filled_text(raw.frame[column])
    dates = parse_dates(text, zone, raw.said.date_format, raw.told.get(column))
    if dates.order is DayOrder.UNTOLD:
        _say_untold(raw, column, dates.evidence.example, journal)
        return Instants(dates.instants, dates.date_only)
    written = f" (all rows are read as {dates.order.value})" if dates.order is not DayOrder.NONE else ""
    bad = raw.bad_cells(column, wanted & dates.instants.is_null())
    journal.bad_cells(bad, f"is not a date{written}", WRITE_DATE)
    return Instants(dates.instants, dates.date_only)


def _say_untold(raw: RawTable, column: str, example: str | None, journal: Journal) -> None:
    """Say that no row tells whether 03/04 is in March or in April."""
    what = "could have the day or the month first, as all dates of the column"
    remedy = 'say date_format = "DD/MM/YYYY" or "MM/DD/YYYY" in leadsift.toml, in the section of this file'
    journal.problem(what, remedy, raw.file, column=column, value=example)
