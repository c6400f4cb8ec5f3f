"""Dates after the hand-over."""

from collections.abc import Iterator

import polars as pl

from features.attributes import Kind
from features.findings import Severity
from training.leak_guard.leak import Leak
from training.leak_guard.one_sided import one_sided
from training.leak_guard.searched import Searched

MOSTLY_LATE, SOME_LATE = 0.5, 0.05  # shares of dates after the hand-over
SLACK = pl.duration(days=1)  # a date without a time may lie in another zone's day


def search_late_dates(searched: Searched) -> Iterator[Leak]:
    """Look at how many dates are later than the hand-over, and for whom."""
    for column in searched.columns:
        if column.kind is not Kind.DATE:
            continue
        dates = pl.DataFrame({"date": column.values, "as_of": column.as_of})
        late = dates.select((pl.col("date") > pl.col("as_of") + SLACK).fill_null(value=False)).to_series().to_numpy()
        dated = dates.drop_nulls().height
        share = late.sum() / max(dated, 1)
        found = one_sided(late, searched.y)
        if share >= SOME_LATE:
            severity = Severity.ERROR if share >= MOSTLY_LATE else Severity.WARNING
            yield Leak(column.name, severity, f"is later than the hand-over on {late.sum():,} of {dated:,} leads")
        if found:
            yield Leak(column.name, found.severity, f"is later than the hand-over on {found.say()}")
