"""Dates and times written as text, read by rules that hold for a whole column.

Read are 2026-03-01, 2026/3/1, 2026-03 (its first day), each of the full dates with a time and with a zone or without;
and 01/03/2026, 1-3-2026 or 01.03.2026, with a time in 24 or 12 hours. Whether the day or the month comes first is
said, or found out from all rows: some part above 12 tells; points mean the day comes first. Seconds since 1970 are
not read: nothing tells them from an ordinary number.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import polars as pl

from features.sources.day_order import DayEvidence, DayOrder, evidence_of
from features.sources.local_time import localize

_TIME = (
    r"(?:[T ,]+(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d{1,9}))?)?"
    r"\s*(?P<half>[AaPp])?(?:\.?[Mm]\.?)?\s*(?P<zone>[Zz]|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?)?"
)
YEAR_FIRST = r"^(?P<year>\d{4})[-/.](?P<month>\d{1,2})(?:[-/.](?P<day>\d{1,2})" + _TIME + ")?$"
YEAR_LAST = r"^(?P<first>\d{1,2})(?P<sign>[-/.])(?P<second_part>\d{1,2})[-/.](?P<year>\d{4})" + _TIME + "$"
LOOKS_LIKE_DATE = rf"(?:{YEAR_FIRST.replace('?P<', '?P<a_')})|(?:{YEAR_LAST.replace('?P<', '?P<b_')})"


@dataclass(frozen=True)
class Dates:
    """Dates read from text.

    instants: Datetime(us, UTC), null where the cell is missing or no date. date_only: where it has no time of day,
    and stands for the start of the local day. order: what was said or found out, by `evidence`.
    """

    instants: pl.Series
    date_only: pl.Series
    order: DayOrder
    evidence: DayEvidence


def find_day_evidence(text: pl.Series) -> DayEvidence:
    """Give what a column, or a part of one, tells of the order of day and month."""
    return evidence_of(text, text.str.extract_groups(YEAR_LAST).struct.unnest())


def parse_dates(text: pl.Series, zone: ZoneInfo, said_format: str | None, evidence: DayEvidence | None = None) -> Dates:
    """Read a column of dates; a time without a zone is one on the clocks of `zone`.

    `evidence` is what the whole column tells, where `text` is a part of it.

    >>> dates = parse_dates(pl.Series(["2026-03-01T10:00:00+01:00", "31/12/2025"]), ZoneInfo("UTC"), None)
    >>> [f"{each:%Y-%m-%d %H:%M}" for each in dates.instants], dates.order.value
    (['2026-03-01 09:00', '2025-12-31 00:00'], 'DD/MM/YYYY')
    """
    year_first = text.str.extract_groups(YEAR_FIRST).struct.unnest()
    year_last = text.str.extract_groups(YEAR_LAST).struct.unnest()
    evidence = evidence or evidence_of(text, year_last)
    order = evidence.order(said_format)
    day, month = ("second_part", "first") if order is DayOrder.MONTH_FIRST else ("first", "second_part")
    year_last = year_last.rename({day: "day", month: "month"})
    parts = [name for name in year_first.columns if name in year_last.columns]
    both = pl.DataFrame(
        [year_first[name].zip_with(year_first["year"].is_not_null(), year_last[name]) for name in parts]
    )
    offset = _offset_minutes()
    read = both.select(
        wall=_wall_time(), offset=offset, date_only=pl.col("year").is_not_null() & pl.col("hour").is_null()
    )
    zoned = read.select(pl.col("wall").dt.replace_time_zone("UTC") - pl.duration(minutes=pl.col("offset"))).to_series()
    instants = zoned.zip_with(read["offset"].is_not_null(), localize(read["wall"], zone))
    return Dates(instants, read["date_only"], order, evidence)


def _wall_time() -> pl.Expr:
    """Give the naive local time; null where no such day or time exists."""
    hour = pl.col("hour").cast(pl.Int32).fill_null(0)
    half = pl.col("half").str.to_lowercase()
    in_half = hour.is_between(1, 12)
    hour = (
        pl.when(half.is_null())
        .then(hour)
        .when(in_half & (half == "a"))
        .then(hour % 12)
        .when(in_half & (half == "p"))
        .then(hour % 12 + 12)
        .otherwise(99)
    )
    parts = [pl.col("year"), pl.col("month"), pl.col("day").fill_null("1"), hour.cast(pl.String)]
    parts += [pl.col("minute").fill_null("0"), pl.col("second").fill_null("0")]
    text = pl.concat_str([part.str.zfill(2) for part in parts], separator=" ")
    whole = text.str.to_datetime("%Y %m %d %H %M %S", time_unit="us", strict=False)
    micros = pl.col("fraction").fill_null("0").str.pad_end(6, "0").str.slice(0, 6).cast(pl.Int64)
    return whole + pl.duration(microseconds=micros)


def _offset_minutes() -> pl.Expr:
    """Give the minutes that local time is ahead of UTC; null where no zone is written."""
    zone = pl.col("zone")
    sign = pl.when(zone.str.starts_with("-")).then(-1).otherwise(1)
    hours = zone.str.slice(1, 2).cast(pl.Int32, strict=False)
    minutes = zone.str.slice(3).str.strip_chars_start(":").cast(pl.Int32, strict=False).fill_null(0)
    offset = sign * (hours * 60 + minutes)
    return pl.when(zone.str.contains(r"^[A-Za-z]")).then(0).otherwise(offset)
