"""Stored leads and scores as plain JSON values."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

import orjson

from features.store.leads import StoredLead
from features.store.ledger import StoredScore, unpack_inputs
from features.store.person import Person
from serving.live.history import HistoryEntry
from serving.live.worklist import Listed, Worklist
from serving.values.times import write_moment

SECONDS_OF_A_DAY = 86_400


def score_json(score: StoredScore) -> dict[str, Any]:
    """Give a score of the ledger."""
    return {
        "as_of": write_moment(score.as_of),
        "recorded_at": write_moment(score.recorded_at),
        "trigger": score.trigger,
        "at_hand_over": score.at_hand_over,
        "model_version": score.model_version,
        "probability": score.probability,
        "score": round(100 * score.probability),
        "points": score.points,
        "fit": {"points": score.fit_points, "grade": score.fit_grade},
        "engagement": {"points": score.engagement_points, "grade": score.engagement_grade},
        "segment": score.segment,
        "reasons": score.reasons,
    }


def history_json(lead_id: str, entries: Iterable[HistoryEntry]) -> dict[str, Any]:
    """Give a lead's history."""
    scores = [score_json(each.score) | {"change": each.change and asdict(each.change)} for each in entries]
    return {"lead_id": lead_id, "scores": scores}


def worklist_json(worklist: Worklist, exploration: float, now: datetime) -> dict[str, Any]:
    """Give a worklist."""
    return {
        "leads": [listed_json(each, now) for each in worklist.leads],
        "expected_sqls": worklist.worth.expected_sqls,
        "share_of_sqls": worklist.worth.share_of_sqls,
        "open_leads": worklist.open_leads,
        "unscored": worklist.unscored,
        "exploration": exploration,
    }


def lead_json(lead: StoredLead) -> dict[str, Any]:
    """Give a lead as it is now."""
    return _plain(asdict(lead))


def person_json(person: Person) -> dict[str, Any]:
    """Give everything that is held of a lead."""
    return {
        "lead": lead_json(person.lead),
        "changes": [_plain(asdict(each)) for each in person.changes],
        "events": [_plain(each) for each in person.events],
        "outcomes": [_plain(asdict(each)) for each in person.outcomes],
        "useful_contents": [_plain(each) for each in person.useful_contents],
        "scores": [score_json(each) | {"inputs": unpack_inputs(each.inputs)} for each in person.scores],
        "told": [_plain(each) for each in person.told],
        "answers": [_plain(each) for each in person.answers],
        "audit": [_plain(each) for each in person.audit],
    }


def listed_json(listed: Listed, now: datetime) -> dict[str, Any]:
    """Give a lead of a worklist."""
    lead = listed.lead
    return {
        "lead_id": lead.score.lead_id,
        "owner": lead.owner,
        "handed_over_at": write_moment(lead.handed_over_at),
        "age_days": (now - lead.handed_over_at).total_seconds() / SECONDS_OF_A_DAY,
        "due_at": lead.due_at and write_moment(lead.due_at),
        "first_touch_at": lead.first_touch_at and write_moment(lead.first_touch_at),
        "exploration": listed.exploration,
        **score_json(lead.score),
    }


def _plain(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: _plain_value(value) for name, value in row.items()}


def _plain_value(value: Any) -> Any:
    match value:
        case datetime():
            return write_moment(value)
        case bytes():
            return orjson.loads(value)  # what is kept in bytes is JSON
    return value
