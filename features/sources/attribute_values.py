"""The typed values of an attribute, with every cell that cannot be one written down."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

import polars as pl

from features.attributes import Attribute, Kind
from features.cell_values import LARGEST
from features.sources.cells import filled_text
from features.sources.flags import parse_flags
from features.sources.instants import read_instants
from features.sources.journal import Journal
from features.sources.numbers import is_out_of_reach, parse_numbers
from features.sources.raw_table import RawTable
from features.tables import column_of


def read_attributes(
    raw: RawTable, attributes: Sequence[Attribute], zone: ZoneInfo, journal: Journal
) -> list[pl.Series]:
    """Give a column "attr:<name>" per attribute, typed as `Kind` says, null where missing.

    A column that the file lacks, and a cell that is not of its kind or out of bounds, become problems.
    """
    present = [each for each in attributes if raw.column(each.name, journal, "the model") is not None]
    return [_read_values(raw, each, zone, journal).rename(column_of(each)) for each in present]


def _read_values(raw: RawTable, attribute: Attribute, zone: ZoneInfo, journal: Journal) -> pl.Series:
    series = raw.frame[attribute.name]
    if attribute.kind is Kind.DATE:
        return read_instants(raw, attribute.name, zone, journal).values
    if attribute.kind is Kind.CATEGORY:
        return filled_text(series, category=True)
    if attribute.kind is Kind.FLAG:
        text = filled_text(series)
        values = parse_flags(text)
        bad = raw.bad_cells(attribute.name, text.is_not_null() & values.is_null())
        journal.bad_cells(bad, "is neither yes nor no", "write yes, no or leave it empty")
        return values
    return _read_numbers(raw, attribute, journal)


def _read_numbers(raw: RawTable, attribute: Attribute, journal: Journal) -> pl.Series:
    series = raw.frame[attribute.name]
    if series.dtype.is_numeric() or series.dtype == pl.Boolean:
        values = series.cast(pl.Float64).fill_nan(None)
    else:
        text = filled_text(series)
        values = parse_numbers(text, raw.decimal)
        remedy = 'write a number or leave it empty; or say kind = "category" in [features]'
        bad = raw.bad_cells(attribute.name, text.is_not_null() & values.is_null())
        journal.bad_cells(bad, "is not a number", remedy)
    too_large = is_out_of_reach(values)
    journal.bad_cells(raw.bad_cells(attribute.name, too_large), f"is beyond {LARGEST:g}", "mend it or leave it empty")
    _say_out_of_bounds(raw, attribute, values.set(too_large, None), journal)
    return values


def _say_out_of_bounds(raw: RawTable, attribute: Attribute, values: pl.Series, journal: Journal) -> None:
    remedy = "mend it, or leave it empty where it is not known"
    if attribute.minimum is not None:
        below = (values < attribute.minimum).fill_null(value=False)
        what = f"is below {attribute.minimum:g}, the least that can be"
        journal.bad_cells(raw.bad_cells(attribute.name, below), what, remedy)
    if attribute.maximum is not None:
        above = (values > attribute.maximum).fill_null(value=False)
        what = f"is above {attribute.maximum:g}, the most that can be"
        journal.bad_cells(raw.bad_cells(attribute.name, above), what, remedy)
