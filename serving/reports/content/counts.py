"""Counts of leads by the contents that they took before their hand-over.

The database gives a row a lead with all it took; here they are counted, which is much quicker than a row a content.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

import polars as pl
from sqlalchemy import ColumnElement, case, func, not_, select

from features.store.schema import lead_contents, lead_facts, useful_contents
from serving.reports.report import ReportContext

SEPARATOR = "\x1f"  # ASCII's own, between the contents of a lead
AT_ONCE = 50_000  # leads read at a time
BANDS = (0, 1, 2, 4, 8, 16)  # of numbers of contents, by the least of each
PENDING, UNWORKED, NOT_SQL, SQL = range(4)  # what is known of a lead
SCHEMA = {
    "fit_grade": pl.String,
    "sector": pl.String,
    "size": pl.String,
    "week": pl.Date,
    "points": pl.Float64,
    "state": pl.Int8,
    "contents": pl.String,
}
COUNTS = (
    pl.len(),
    (pl.col("state") >= UNWORKED).sum().alias("matured"),
    (pl.col("state") >= NOT_SQL).sum().alias("judged"),
    (pl.col("state") == SQL).sum().alias("sqls"),
    pl.col("points").count().alias("scored"),
    pl.col("points").sum().alias("points_sum"),
)

Conditions = Sequence[ColumnElement[bool]]


class Counts(NamedTuple):
    """Counts of some leads. Their horizon has passed: `matured`; and sales decided: `judged`, of which `sqls`.

    points: the sum of the engagement points of those, `scored`, that had a score at their hand-over.
    """

    leads: int
    matured: int
    judged: int
    sqls: int
    scored: int
    points: float


class Cell(NamedTuple):
    """What leads alike have in common; `band` is that of a number of contents."""

    fit_grade: str | None
    sector: str | None
    band: int


class TakerRow(NamedTuple):
    """Leads alike that took a content, with the weeks of the first and the last delivery that had one.

    cell: with the band of all contents they took; others: the band of those besides this one.
    """

    cell: Cell
    others: int
    counts: Counts
    first_week: date
    last_week: date


class WeekRow(NamedTuple):
    """Leads alike of the deliveries of one week, whatever they took."""

    week: date
    cell: Cell
    counts: Counts


@dataclass(frozen=True)
class ContentCounts:
    """All counts. by_sector, by_size: of the leads that took each content."""

    weeks: Sequence[WeekRow]
    takers: Mapping[str, Sequence[TakerRow]]
    by_sector: Mapping[str, Mapping[str | None, Counts]]
    by_size: Mapping[str, Mapping[str | None, Counts]]


def band(contents: int) -> int:
    """Give the band that a number of contents is in: 0, 1, 2 to 3, 4 to 7, 8 to 15, 16 and more.

    >>> [band(contents) for contents in (0, 1, 2, 3, 4, 8, 16, 100)]
    [0, 1, 2, 2, 3, 4, 5, 5]
    """
    return int(pl.Series(BANDS).search_sorted(contents, side="right")) - 1


def count_contents(context: ReportContext, asked: Conditions) -> ContentCounts:
    """Count some leads by week, and by each content that they took."""
    leads = _leads(context, asked)
    takers = leads.explode("contents").drop_nulls("contents").with_columns(pl.col("contents").cast(pl.Categorical))
    cell = ("fit_grade", "sector", "band")
    weeks = leads.group_by("week", *cell).agg(*COUNTS)
    between = (pl.col("week").min(), pl.col("week").max().alias("last_week"))
    taken = takers.group_by("contents", *cell, "others").agg(*COUNTS, *between)
    by_content: dict[str, list[TakerRow]] = {}
    for row in _rows(taken):
        by_content.setdefault(row[0], []).append(TakerRow(Cell(*row[1:4]), row[4], Counts(*row[5:11]), *row[11:]))
    return ContentCounts(
        weeks=[WeekRow(row[0], Cell(*row[1:4]), Counts(*row[4:])) for row in _rows(weeks)],
        takers=by_content,
        by_sector=_by_part(takers, "sector"),
        by_size=_by_part(takers, "size"),
    )


def useful_by_content(context: ReportContext, asked: Conditions) -> dict[str, int]:
    """Count the leads with which sales found each content useful."""
    content = useful_contents.c.content
    joined = useful_contents.join(lead_facts, lead_facts.c.lead_id == useful_contents.c.lead_id)
    counted = select(content, func.count()).select_from(joined).where(*asked).group_by(content)
    return {row[0]: row[1] for row in context.connection.execute(counted)}


def _leads(context: ReportContext, asked: Conditions) -> pl.DataFrame:
    """Give a row a lead: what is known of it, the list of what it took, and the bands of how many."""
    facts = lead_facts.c
    took = func.aggregate_strings(lead_contents.c.content, SEPARATOR)
    state = case(
        (facts.handed_over_at > context.matured_until, PENDING),
        (not_(facts.is_judged), UNWORKED),
        (facts.is_sql, SQL),
        else_=NOT_SQL,
    )
    columns = (facts.fit_grade, facts.sector, facts.size, facts.week, facts.engagement_points, state, took)
    joined = lead_facts.outerjoin(lead_contents, lead_contents.c.lead_id == facts.lead_id)
    a_lead = select(*columns).select_from(joined).where(*asked).group_by(facts.lead_id)
    found = context.connection.execute(a_lead)
    parts = [pl.DataFrame(list(map(tuple, part)), SCHEMA, orient="row") for part in found.partitions(AT_ONCE)]
    leads = pl.concat([pl.DataFrame(schema=SCHEMA), *parts])
    number = pl.col("contents").list.len().fill_null(0)
    bands = pl.Series(BANDS)
    return leads.with_columns(
        pl.col("fit_grade", "sector", "size").cast(pl.Categorical), pl.col("contents").str.split(SEPARATOR)
    ).with_columns(
        number.map_batches(lambda each: bands.search_sorted(each, side="right") - 1).alias("band"),
        number.map_batches(lambda each: bands.search_sorted(each - 1, side="right") - 1).alias("others"),
    )


def _by_part(takers: pl.DataFrame, part: str) -> dict[str, dict[str | None, Counts]]:
    found: dict[str, dict[str | None, Counts]] = {}
    for content, value, *counts in _rows(takers.group_by("contents", part).agg(*COUNTS)):
        found.setdefault(content, {})[value] = Counts(*counts)
    return found


def _rows(counted: pl.DataFrame) -> Iterable[tuple[Any, ...]]:
    return counted.iter_rows()
