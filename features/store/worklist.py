"""Open leads, ranked by their newest score: those that marketing handed over and on which sales has not decided."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    CTE,
    ColumnElement,
    Connection,
    Row,
    RowMapping,
    Select,
    String,
    UnaryExpression,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)

from features.store.leads import UNDECIDED
from features.store.ledger import StoredScore, stored_score
from features.store.schema import latest_scores, lead_facts, leads, scores

TRUTHS = {"true", "false"}


@dataclass(frozen=True)
class WorklistFilter:
    """Which open leads to look at; what is None, or not named, is not asked for.

    attributes: by the CRM's own names, each with the value that it must have, numbers as text. facts: conditions on
    `lead_facts`.
    """

    owner: str | None = None
    fit_grade: str | None = None
    engagement_grade: str | None = None
    segment: str | None = None
    attributes: Mapping[str, str] = field(default_factory=dict)
    facts: Sequence[ColumnElement[bool]] = ()

    @property
    def is_wide(self) -> bool:
        """Say whether it asks nothing of the lead itself, only of its score."""
        return self.owner is None and not self.attributes and not self.facts


@dataclass(frozen=True)
class OpenLead:
    """An open lead with its newest score. `due_at`: when sales is to have looked at it, where that is agreed."""

    owner: str | None
    handed_over_at: datetime
    first_touch_at: datetime | None
    due_at: datetime | None
    score: StoredScore


@dataclass(frozen=True)
class Place:
    """An open lead's place in a ranking, as short as can be: its newest score's number and probability."""

    score_id: int
    probability: float


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
    best: Sequence[Place]
    drawn: Sequence[Place]


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
    figures = next(row for row in rows if row.part == "pool")
    return Ranking(
        leads=figures.number,
        unscored=figures.number - figures.scored,
        expected_sqls=float(figures.figure),
        best=_places(sorted((row for row in rows if row.part == "best"), key=lambda row: (-row.figure, row.number))),
        drawn=_places(sorted((row for row in rows if row.part == "drawn"), key=lambda row: (row.figure, row.number))),
    )


def open_leads(connection: Connection, places: Sequence[Place]) -> list[OpenLead]:
    """Give the leads at these places, in their order."""
    of_lead = leads.c.lead_id == scores.c.lead_id
    joined = scores.join(leads, of_lead).outerjoin(lead_facts, lead_facts.c.lead_id == leads.c.lead_id)
    touched = case((lead_facts.c.worked_at.is_not(None), leads.c.first_touch_at)).label("first_touch_at")
    columns = (*leads.c["owner", "handed_over_at"], touched, lead_facts.c.due_at, *scores.c)
    numbers = [place.score_id for place in places]
    rows = connection.execute(select(*columns).select_from(joined).where(scores.c.id.in_(numbers))).mappings()
    found = {row["id"]: _open_lead(row) for row in rows}
    return [found[number] for number in numbers]


def is_open(connection: Connection) -> ColumnElement[bool]:
    """Say, in the database's words, that a lead is open: also one that was handed over again since it was decided on.

    SQLite, which knows nothing of how common a value is, must not look for outcomes by the index: nearly all are none.
    """
    handed_over = leads.c.handed_over_at.is_not(None)
    is_again = leads.c.decided_at < leads.c.handed_over_at
    if connection.dialect.name == "sqlite":
        return and_(handed_over, or_(func.coalesce(leads.c.outcome, UNDECIDED) == UNDECIDED, is_again))
    return and_(handed_over, or_(leads.c.outcome.is_(None), leads.c.outcome == UNDECIDED, is_again))


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


def _figures(pool: CTE) -> Select[tuple[str, int, int, float, float]]:
    expected = func.coalesce(func.sum(pool.c.probability), 0.0).label("figure")
    counts = (func.count().label("number"), func.count(pool.c.probability).label("scored"))
    return select(literal("pool").label("part"), *counts, expected, literal(0.0).label("probability"))


def _first(
    pool: CTE, part: str, condition: ColumnElement[bool], order: UnaryExpression[float], count: int
) -> Select[tuple[str, int, int, float, float]]:
    named = (literal(part).label("part"), pool.c.score_id.label("number"), literal(0).label("scored"))
    columns = (*named, order.element.label("figure"), pool.c.probability.label("probability"))
    return select(select(*columns).where(condition).order_by(order, pool.c.score_id).limit(count).subquery())


def _places(rows: Sequence[Row[Any]]) -> list[Place]:
    return [Place(row.number, row.probability) for row in rows]


def _open_lead(row: RowMapping) -> OpenLead:
    return OpenLead(row["owner"], row["handed_over_at"], row["first_touch_at"], row["due_at"], stored_score(row))


def _conditions(connection: Connection, wanted: WorklistFilter) -> list[ColumnElement[bool]]:
    asked: list[tuple[ColumnElement[str], str | None]] = [
        (leads.c.owner, wanted.owner),
        (latest_scores.c.fit_grade, wanted.fit_grade),
        (latest_scores.c.engagement_grade, wanted.engagement_grade),
        (latest_scores.c.segment, wanted.segment),
    ]
    conditions = [column == value for column, value in asked if value is not None]
    if wanted.facts:
        conditions.append(exists().where(lead_facts.c.lead_id == leads.c.lead_id, *wanted.facts))
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
