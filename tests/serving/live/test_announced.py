"""Others are told when a lead becomes golden and when a grade changes, and of nothing else."""

from dataclasses import replace
from datetime import UTC
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from features.store import Store
from features.store.leads import find_lead
from features.store.ledger import StoredScore, Trigger
from features.store.schema import outbox
from features.topics import Subscriber, Topic
from serving.live.announced import announcements
from serving.live.live_model import LiveModel
from serving.live.recorded import record_hand_over, record_score
from serving.model.grades import GradeCuts
from tests.serving.live.conftest import DAY, NOW, Put

CRM = Subscriber("crm", frozenset(Topic))
A2 = StoredScore("a", NOW, NOW, "1", "request", False, 0.314, 1.0, "A", 2.0, "2", "golden", [], b"", id=7)
A1, B3 = replace(A2, engagement_grade="1"), replace(A2, fit_grade="B", engagement_grade="3", segment="nurture")


def topics(new: StoredScore, before: StoredScore | None) -> list[str]:
    return [each.topic.value for each in announcements([new], {"a": before} if before else {})]


@pytest.mark.parametrize(
    ("before", "new", "told"),
    [
        (None, A2, ["lead.golden"]),
        (None, B3, []),
        (A2, A2, []),
        (A2, A1, ["lead.grade_changed"]),
        (B3, A2, ["lead.golden", "lead.grade_changed"]),
        (A2, B3, ["lead.grade_changed"]),
        (A2, replace(A2, probability=0.9, model_version="2"), []),
        (A2, replace(B3, as_of=NOW - DAY), []),
    ],
)
def test_golden_is_told_when_it_begins_and_a_grade_when_it_changes(
    before: StoredScore | None, new: StoredScore, told: list[str]
) -> None:
    assert topics(new, before) == told


def test_nothing_of_the_person_goes_out_but_what_is_needed() -> None:
    (told,) = announcements([A1], {"a": A2})
    assert told.data == {
        "lead_id": "a",
        "as_of": NOW,
        "score": 31,
        "fit_grade": "A",
        "engagement_grade": "1",
        "segment": "golden",
        "model_version": "1",
        "before": {"score": 31, "fit_grade": "A", "engagement_grade": "2", "segment": "golden", "model_version": "1"},
    }


def test_the_same_step_has_the_same_id_and_another_step_another() -> None:
    first, again, later = (next(iter(announcements([A1], {"a": last}))) for last in (A2, A2, replace(A2, id=8)))
    assert first.event_id == again.event_id != later.event_id


def told_in(store: Store) -> list[tuple[str, Any]]:
    with store.reading() as connection:
        rows = connection.execute(select(outbox.c.topic, outbox.c.body).order_by(outbox.c.id))
        return [(topic, orjson.loads(body)["data"]) for topic, body in rows]


def test_a_change_is_told_if_and_only_if_the_score_stays(store: Store, live: LiveModel, put: Put) -> None:
    put()
    scored = live.score("a", {}, [], NOW, 0)
    grade = scored.score.fit.grade
    other = replace(scored.score.fit, grade="D" if grade == "A" else "A")
    with store.writing() as connection:
        record_score(connection, scored, Trigger.REQUEST, NOW)
    moved = replace(scored, score=replace(scored.score, fit=other))
    with store.writing() as connection:
        record_score(connection, moved, Trigger.REQUEST, NOW, subscribers=[CRM])
        connection.rollback()
    assert told_in(store) == []
    with store.writing() as connection:
        record_score(connection, moved, Trigger.REQUEST, NOW, subscribers=[CRM])
    ((topic, data),) = told_in(store)
    assert (topic, data["fit_grade"], data["before"]["fit_grade"]) == ("lead.grade_changed", other.grade, grade)


def test_a_lead_that_is_golden_at_hand_over_is_told_at_once(store: Store, live: LiveModel, put: Put) -> None:
    easy = GradeCuts((-1e6, -2e6, -3e6), (-1e6, -2e6, -3e6))
    put()
    with store.writing() as connection:
        lead = find_lead(connection, "a")
        assert lead is not None
        generous = LiveModel(replace(live.model, cuts=easy), UTC)
        record_hand_over(connection, lead, generous, NOW, subscribers=[CRM])
    ((topic, data),) = told_in(store)
    assert (topic, data["segment"], data["before"]) == ("lead.golden", "golden", None)
