"""The ledger: every score of a stored lead that left the service, with what it was computed from."""

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

import orjson
from sqlalchemy import Connection, RowMapping, insert, select
from sqlalchemy.dialects import postgresql, sqlite

from features.exploration import draw_of
from features.store.schema import latest_scores, leads, scores

Inputs = Sequence[float | str | None]  # the feature values of one lead, in the catalogue's order


class Trigger(StrEnum):
    """Why a lead was scored: somebody asked, it was handed over, or all open leads were scored anew.

    `PAST`: it was handed over before there was a model, and scored later as of its hand-over.
    """

    REQUEST = "request"
    HAND_OVER = "hand_over"
    RESCORE = "rescore"
    PAST = "past"


@dataclass(frozen=True)
class StoredScore:
    """One row of the ledger: the score of a lead as of a moment, computed from what was known at `recorded_at`.

    reasons: as the service answers them. inputs: the feature values, packed by `pack_inputs`, from which the same
    model version gives the same score again. id: 0 for a score that is not kept yet.
    """

    lead_id: str
    as_of: datetime
    recorded_at: datetime
    model_version: str
    trigger: str
    at_hand_over: bool
    probability: float
    fit_points: float
    fit_grade: str
    engagement_points: float
    engagement_grade: str
    segment: str
    reasons: list[dict[str, Any]]
    inputs: bytes
    id: int = 0

    @property
    def points(self) -> float:
        """Give both sides' points together."""
        return self.fit_points + self.engagement_points


@dataclass(frozen=True)
class NewestRow:
    """The row of the ledger that was written last."""

    id: int
    recorded_at: datetime


def pack_inputs(values: Inputs) -> bytes:
    """Give feature values as the ledger keeps them.

    >>> unpack_inputs(pack_inputs([1.5, "software", None]))
    [1.5, 'software', None]
    """
    return zlib.compress(orjson.dumps(list(values)))


def unpack_inputs(packed: bytes) -> list[float | str | None]:
    """Read back what `pack_inputs` gave, to the last bit."""
    values: list[float | str | None] = orjson.loads(zlib.decompress(packed))
    return values


def held_leads(connection: Connection, lead_ids: Sequence[str]) -> set[str]:
    """Give those of the leads that are there; none of them can be erased before this transaction ends."""
    there = select(leads.c.lead_id).where(leads.c.lead_id.in_(lead_ids)).order_by(leads.c.lead_id)
    return set(connection.execute(there.with_for_update(read=True, key_share=True)).scalars())


def add_score(connection: Connection, score: StoredScore) -> int:
    """Write a score of a lead that is there to the ledger, and give its number."""
    return add_scores(connection, [score])[0]


def add_scores(connection: Connection, new: Sequence[StoredScore]) -> list[int]:
    """Write scores of different leads to the ledger and give their numbers; the newest of each lead is kept at hand."""
    if not new:
        return []
    statement = insert(scores).returning(scores.c.id, sort_by_parameter_order=True)
    numbers = list(connection.execute(statement, [_row(score) for score in new]).scalars())
    latest = [_latest(score, number) for score, number in zip(new, numbers, strict=True)]
    _keep_newest(connection, latest)
    return numbers


def scores_of(connection: Connection, lead_id: str, newest: int | None = None) -> list[StoredScore]:
    """Give a lead's scores by the moment they are of, the oldest first; with `newest`, the last so many of them."""
    last_first = select(scores).where(scores.c.lead_id == lead_id).order_by(scores.c.as_of.desc(), scores.c.id.desc())
    rows = connection.execute(last_first.limit(newest)).mappings().all()
    return [stored_score(row) for row in reversed(rows)]


def newest_scores(connection: Connection, lead_ids: Sequence[str]) -> dict[str, StoredScore]:
    """Give the newest score of each of the leads that has one."""
    joined = scores.join(latest_scores, latest_scores.c.score_id == scores.c.id)
    wanted = select(scores).select_from(joined).where(latest_scores.c.lead_id.in_(lead_ids))
    return {row["lead_id"]: stored_score(row) for row in connection.execute(wanted).mappings()}


def newest_row(connection: Connection) -> NewestRow | None:
    """Give the row that was written last; None where there is none."""
    last = select(scores.c.id, scores.c.recorded_at).order_by(scores.c.id.desc()).limit(1)
    row = connection.execute(last).one_or_none()
    return None if row is None else NewestRow(row.id, row.recorded_at)


def stored_score(row: Mapping[str, Any] | RowMapping) -> StoredScore:
    """Give the score of a row that holds all columns of `scores`, and maybe others."""
    return StoredScore(**{column.name: row[column.name] for column in scores.c})


def _row(score: StoredScore) -> dict[str, Any]:
    row = asdict(score)
    del row["id"]
    return row


def _latest(score: StoredScore, number: int) -> dict[str, Any]:
    return {
        "lead_id": score.lead_id,
        "score_id": number,
        "as_of": score.as_of,
        "probability": score.probability,
        "fit_grade": score.fit_grade,
        "engagement_grade": score.engagement_grade,
        "segment": score.segment,
        "draw": draw_of(score.lead_id),
    }


def _keep_newest(connection: Connection, rows: list[dict[str, Any]]) -> None:
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    statement = dialect.insert(latest_scores)
    changed = {name: statement.excluded[name] for name in rows[0] if name != "lead_id"}
    newer = statement.excluded.as_of >= latest_scores.c.as_of
    connection.execute(statement.on_conflict_do_update(index_elements=["lead_id"], set_=changed, where=newer), rows)
