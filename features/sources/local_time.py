"""From a company's wall clock to UTC."""

from zoneinfo import ZoneInfo

import polars as pl

from features.tables import INSTANT

_BEFORE_GAP = pl.duration(hours=25)  # longer than any jump of a clock, the skipped day of Samoa included


def localize(wall: pl.Series, zone: ZoneInfo) -> pl.Series:
    """Give the instants (UTC) of naive local times, as Python's own `fold=0` does.

    A time that came twice, when clocks went back, is the first of the two. A time that never was, when clocks
    went forward, is read with the offset from before: 02:30 in the gap is the instant that the clock showed as 03:30.

    >>> from datetime import datetime
    >>> wall = pl.Series([datetime(2026, 3, 29, 2, 30), datetime(2026, 10, 25, 2, 30)])
    >>> [f"{instant:%H:%M}" for instant in localize(wall, ZoneInfo("Europe/Madrid"))]
    ['01:30', '00:30']
    """
    name = zone.key
    frame = wall.cast(pl.Datetime("us")).rename("wall").to_frame()

    def instant(expression: pl.Expr) -> pl.Expr:
        here = expression.dt.replace_time_zone(name, ambiguous="earliest", non_existent="null")
        return here.dt.convert_time_zone("UTC")

    before = instant(pl.col("wall") - _BEFORE_GAP) + _BEFORE_GAP
    return frame.select(pl.coalesce(instant(pl.col("wall")), before).cast(INSTANT)).to_series()
