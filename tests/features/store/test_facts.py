"""What reports count of a lead follows every write, and is made anew where the rules change."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select

from features.agreement import Agreement
from features.business_clock import BusinessClock
from features.config import Reports, Sla
from features.config.week import parse_business_hours
from features.store import Store
from features.store.events import StoredEvent, add_events
from features.store.fact_rules import NOTHING_AGREED, FactRules
from features.store.facts import (
    are_facts_whole,
    facts_outdated,
    next_facts,
    refresh_after_events,
    refresh_contents,
    refresh_facts,
)
from features.store.leads import put_lead
from features.store.ledger import StoredScore, add_scores
from features.store.outcomes import add_outcome
from features.store.schema import lead_contents, lead_facts

MADRID = ZoneInfo("Europe/Madrid")
SLA = Sla.model_validate({"deliver_by": "Mon 09:00", "qualify_by": "Wed 18:00"})
RULES = FactRules(
    BusinessClock(MADRID, parse_business_hours("Mon-Fri 09:00-18:00")),
    Agreement(SLA, MADRID),
    timedelta(days=90),
    Reports(size="employees"),
)
THURSDAY = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)  # 13:00 in Madrid
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ATTRIBUTES: dict[str, Any] = {"sector": "software", "employees": 120, "source": "webinar", "campaign": "spring"}


def put(store: Store, lead_id: str = "a", handed_over_at: datetime | None = THURSDAY, **more: Any) -> None:
    with store.writing() as connection:
        put_lead(connection, lead_id, ATTRIBUTES | more, handed_over_at=handed_over_at, owner="Ada", now=THURSDAY)
        refresh_contents(connection, [lead_id])
        refresh_facts(connection, [lead_id], RULES)


def decide(store: Store, outcome: str, at: datetime, reason: str | None = None, touch: datetime | None = None) -> None:
    with store.writing() as connection:
        add_outcome(
            connection,
            "a",
            outcome,
            reason=reason,
            decided_at=at,
            first_touch_at=touch,
            useful_content=[],
            now=at,
        )
        refresh_facts(connection, ["a"], RULES)


def did(store: Store, content: str | None, at: datetime, event_id: str, *, late: bool = False) -> None:
    event = StoredEvent(event_id, "a", "download", at, content)
    with store.writing() as connection:
        add_events(connection, [event], at)
        if late:
            refresh_after_events(connection, [("a", at)], RULES)


def scored(store: Store, as_of: datetime, probability: float) -> None:
    score = StoredScore(
        "a", as_of, as_of, "7", "hand_over", True, probability, 1.0, "A", 2.0, "2", "golden", [], b""
    )  # fmt: skip
    with store.writing() as connection:
        add_scores(connection, [score])
        refresh_facts(connection, ["a"], RULES)


def facts(store: Store) -> dict[str, Any]:
    with store.reading() as connection:
        return dict(connection.execute(select(lead_facts)).mappings().one())


def contents(store: Store) -> list[tuple[str, datetime]]:
    with store.reading() as connection:
        rows = connection.execute(select(lead_contents.c.content, lead_contents.c.first_at).order_by("content"))
        return [(row.content, row.first_at) for row in rows]


def test_a_lead_is_of_the_delivery_after_its_hand_over(store: Store) -> None:
    put(store)
    found = facts(store)
    assert found["week"] == date(2026, 3, 9)
    assert found["due_at"] == datetime(2026, 3, 11, 17, 0, tzinfo=UTC)
    assert [found[name] for name in ("sector", "size", "source", "campaign", "owner")] == [
        "software", "50-249", "webinar", "spring", "Ada",
    ]  # fmt: skip
    assert (found["probability"], found["worked_at"], found["is_judged"], found["is_sql"]) == (None, None, False, False)


def test_both_clocks_run_in_business_hours_to_the_first_touch(store: Store) -> None:
    did_at = THURSDAY - 2 * HOUR
    with store.writing() as connection:
        put_lead(connection, "a", {}, handed_over_at=None, owner=None, now=did_at)
    did(store, "guide", did_at, "e1")
    put(store)
    friday = datetime(2026, 3, 6, 9, 0, tzinfo=UTC)  # 10:00 in Madrid
    decide(store, "rejected", friday + 5 * DAY, reason="size", touch=friday)
    found = facts(store)
    assert (found["worked_at"], found["engaged_at"]) == (friday, did_at)
    assert (found["wait_s"], found["speed_s"]) == ((5 + 1) * 3_600, (7 + 1) * 3_600)
    assert (found["outcome"], found["reason"], found["is_judged"], found["is_sql"]) == ("rejected", "size", True, False)


def test_an_sql_counts_within_the_horizon_and_whatever_comes_after(store: Store) -> None:
    put(store)
    decide(store, "sql", THURSDAY + 90 * DAY)
    decide(store, "recycled", THURSDAY + 95 * DAY)
    assert (facts(store)["is_sql"], facts(store)["outcome"]) == (True, "recycled")


def test_an_sql_after_the_horizon_or_before_the_hand_over_does_not_count(store: Store) -> None:
    put(store)
    decide(store, "sql", THURSDAY - HOUR)
    assert (facts(store)["is_judged"], facts(store)["worked_at"]) == (False, None)
    decide(store, "sql", THURSDAY + 91 * DAY)
    assert (facts(store)["is_judged"], facts(store)["is_sql"]) == (True, False)


def test_a_touch_of_the_first_time_is_none_of_the_second(store: Store) -> None:
    put(store)
    decide(store, "recycled", THURSDAY + HOUR, touch=THURSDAY - HOUR)
    assert facts(store)["worked_at"] == THURSDAY  # sales called before the CRM said so
    put(store, handed_over_at=THURSDAY + DAY)
    assert (facts(store)["worked_at"], facts(store)["is_judged"]) == (None, False)


def test_unworked_is_no_judgement(store: Store) -> None:
    put(store)
    decide(store, "unworked", THURSDAY + DAY)
    assert (facts(store)["is_judged"], facts(store)["outcome"], facts(store)["worked_at"]) == (False, None, None)


def test_the_score_is_that_of_the_present_hand_over(store: Store) -> None:
    put(store)
    scored(store, THURSDAY, 0.25)
    found = facts(store)
    assert (found["probability"], found["fit_grade"], found["segment"]) == (0.25, "A", "golden")
    assert found["engagement_points"] == 2.0
    put(store, handed_over_at=THURSDAY + DAY)
    assert facts(store)["probability"] is None
    scored(store, THURSDAY + DAY, 0.5)
    assert facts(store)["probability"] == 0.5


def test_contents_taken_before_the_hand_over_count_however_late_they_are_told(store: Store) -> None:
    put(store)
    did(store, "guide", THURSDAY - HOUR, "e1", late=True)
    did(store, "guide", THURSDAY - 2 * HOUR, "e2", late=True)
    did(store, "demo", THURSDAY + HOUR, "e3", late=True)
    did(store, None, THURSDAY - HOUR, "e4", late=True)
    assert contents(store) == [("guide", THURSDAY - 2 * HOUR)]
    assert facts(store)["engaged_at"] == THURSDAY - HOUR


def test_a_lead_taken_back_has_no_facts(store: Store) -> None:
    put(store)
    did(store, "guide", THURSDAY - HOUR, "e1", late=True)
    put(store, handed_over_at=None)
    with store.reading() as connection:
        assert connection.execute(select(lead_facts)).all() == []
        assert connection.execute(select(lead_contents)).all() == []


@pytest.mark.parametrize("at_once", [1, 2, 500])
def test_a_whole_store_is_counted_anew_a_little_at_a_time(store: Store, at_once: int) -> None:
    for lead_id in ("a", "b", "c"):
        with store.writing() as connection:
            put_lead(connection, lead_id, {}, handed_over_at=THURSDAY, owner=None, now=THURSDAY)
    assert counted(store, RULES, at_once) == -(-3 // at_once)
    with store.reading() as connection:
        assert are_facts_whole(connection, RULES)
        assert len(connection.execute(select(lead_facts)).all()) == 3
        assert not are_facts_whole(connection, NOTHING_AGREED)
    assert counted(store, NOTHING_AGREED, at_once) == -(-3 // at_once)
    with store.writing() as connection:
        facts_outdated(connection)
        assert not are_facts_whole(connection, NOTHING_AGREED)


def counted(store: Store, rules: FactRules, at_once: int) -> int:
    """Count a store anew, and give how many steps it took that found leads."""
    for steps in range(100):
        with store.writing() as connection:
            if not next_facts(connection, rules, at_once):
                return steps
    raise AssertionError("it never ends")
