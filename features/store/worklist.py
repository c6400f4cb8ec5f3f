"""Open leads, ranked by their newest score: those that marketing handed over and on which sales has not decided."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Select,
    String,
    UnaryExpression,
    and_,
    cast,
    func,
    literal,
    or_,
    select,
    union_all,
)

from features.store.ledger import StoredScore, stored_score
from features.store.schema import latest_scores, leads, scores

TRUTHS = {"true", "false"}
UNDECIDED = "unworked"  # an outcome that leaves a lead open: sales never looked


@dataclass(frozen=True)
class WorklistFilter:
    """Which open leads to look at; what is None, or not named, is not asked for.

    attributes: by the CRM's own names, each with the value that it must have, numbers as text.
    """

    owner: str | None = None
    fit_grade: str | None = None
    engagement_grade: str | None = None
    segment: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_wide(self) -> bool:
        """Say whether it asks nothing of the lead itself, only of its score."""
        return self.owner is None and not self.attributes


@dataclass(frozen=True)
class OpenLead:
    """An open lead with its newest score."""

    owner: str | None
    handed_over_at: datetime
    score: StoredScore


@dataclass(frozen=True)
class Ranking:
    """The open leads that a filter leaves.

    leads: how many. unscored: how many of them have no score yet. expected_sqls: how many of the others will become
    SQLs, as their scores say. best: those with the highest probability, the highest first. drawn: those that the lot
    chooses, whatever their score.
    """

    leads: int
    unscored: int
    expected_sqls: float
    best: Sequence[OpenLead]
    drawn: Sequence[OpenLead]


def rank_open_leads(
    connection: Connection, wanted: WorklistFilter, best: int, drawn: int, drawn_share: float
) -> Ranking:
    """Count the open leads that a filter leaves, and give the `best` of them and `drawn` by lot.

    The lot chooses from about `drawn_share` of all leads, see `features.exploration`. Everything is found in one pass.
    """
    pool = _pool(connection, wanted)
    ranked = _first(pool, "best", pool.c.probability.is_not(None), pool.c.probability.desc(), best)
    chosen = _first(pool, "drawn", pool.c.draw < drawn_share, pool.c.draw.asc(), drawn)
    rows = connection.execute(union_all(_figures(pool), ranked, chosen)).all()
    by_probability = sorted((row for row in rows if row.part == "best"), key=lambda row: -row.figure)
    by_lot = sorted((row for row in rows if row.part == "drawn"), key=lambda row: row.figure)
    lead_of = _open_leads(connection, {row.number for row in (*by_probability, *by_lot)})
    figures = next(row for row in rows if row.part == "pool")
    return Ranking(
        leads=figures.number,
        unscored=figures.number - figures.scored,
        expected_sqls=float(figures.figure),
        best=[lead_of[row.number] for row in by_probability],
        drawn=[lead_of[row.number] for row in by_lot],
    )


def is_open(connection: Connection) -> ColumnElement[bool]:
    """Say, in the database's words, that a lead is open.

    SQLite, which knows nothing of how common a value is, must not look for outcomes by the index: nearly all are none.
    """
    handed_over = leads.c.handed_over_at.is_not(None)
    if connection.dialect.name == "sqlite":
        return and_(handed_over, func.coalesce(leads.c.outcome, UNDECIDED) == UNDECIDED)
    return and_(handed_over, or_(leads.c.outcome.is_(None), leads.c.outcome == UNDECIDED))


def _pool(connection: Connection, wanted: WorklistFilter) -> CTE:
    """Give the newest score of each open lead that the filter leaves.

    It is worked out once, except where PostgreSQL ranks all leads: there its indexes are quicker.
    """
    latest = latest_scores.c
    joined = leads.outerjoin(latest_scores, latest.lead_id == leads.c.lead_id)
    asked = select(latest.score_id, latest.probability, latest.draw).select_from(joined)
    pool = asked.where(is_open(connection), *_conditions(connection, wanted)).cte("pool")
    by_indexes = wanted.is_wide and connection.dialect.name == "postgresql"
    return pool.prefix_with("NOT MATERIALIZED" if by_indexes else "MATERIALIZED")


def _figures(pool: CTE) -> Select[tuple[str, int, int, float]]:
    expected = func.coalesce(func.sum(pool.c.probability), 0.0).label("figure")
    counts = (func.count().label("number"), func.count(pool.c.probability).label("scored"))
    return select(literal("pool").label("part"), *counts, expected)


def _first(
    pool: CTE, part: str, condition: ColumnElement[bool], order: UnaryExpression[float], count: int
) -> Select[tuple[str, int, int, float]]:
    columns = (literal(part).label("part"), pool.c.score_id.label("number"), literal(0).label("scored"))
    first = select(*columns, order.element.label("figure")).where(condition).order_by(order).limit(count)
    return select(first.subquery())


def _open_leads(connection: Connection, score_ids: set[int]) -> dict[int, OpenLead]:
    """Give the leads of these scores by the scores' numbers."""
    joined = scores.join(leads, leads.c.lead_id == scores.c.lead_id)
    asked = select(leads.c.owner, leads.c.handed_over_at, *scores.c).select_from(joined)
    rows = connection.execute(asked.where(scores.c.id.in_(score_ids))).mappings()
    return {row["id"]: OpenLead(row["owner"], row["handed_over_at"], stored_score(row)) for row in rows}


def _conditions(connection: Connection, wanted: WorklistFilter) -> list[ColumnElement[bool]]:
    asked: list[tuple[ColumnElement[str], str | None]] = [
        (leads.c.owner, wanted.owner),
        (latest_scores.c.fit_grade, wanted.fit_grade),
        (latest_scores.c.engagement_grade, wanted.engagement_grade),
        (latest_scores.c.segment, wanted.segment),
    ]
    conditions = [column == value for column, value in asked if value is not None]
    return conditions + [_has(connection, name, value) for name, value in wanted.attributes.items()]


def _has(connection: Connection, name: str, value: str) -> ColumnElement[bool]:
    """Say that an attribute has a value, as text: numbers as they are written, yes and no as true and false."""
    attributes = leads.c.attributes
    if connection.dialect.name == "postgresql":
        of_lead: ColumnElement[str] = attributes[name].as_string()
        return of_lead == value
    path = "$." + json.dumps(name)
    text = cast(func.json_extract(attributes, path), String)
    return or_(text == value, func.json_type(attributes, path) == value) if value in TRUTHS else text == value
