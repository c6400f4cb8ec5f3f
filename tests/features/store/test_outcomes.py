"""Decisions of sales are kept, and the lead has the newest."""

from datetime import UTC, datetime, timedelta

import pytest

from features.errors import UnknownLeadError
from features.store import Store
from features.store.leads import StoredLead, find_lead, put_lead
from features.store.outcomes import Decision, add_decisions, add_outcome, outcomes_of, useful_contents_of

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def leads(store: Store) -> Store:
    with store.writing() as connection:
        for lead_id in ("a", "b"):
            put_lead(connection, lead_id, {}, handed_over_at=NOW - 9 * DAY, owner=None, now=NOW)
    return store


def decide(store: Store, outcome: str, at: datetime, **members: object) -> bool:
    known = {"reason": None, "first_touch_at": None, "useful_content": [], "lead_id": "a"} | members
    with store.writing() as connection:
        return add_outcome(connection, outcome=outcome, decided_at=at, now=NOW, **known)  # type: ignore[arg-type]


def lead(store: Store, lead_id: str = "a") -> StoredLead:
    with store.reading() as connection:
        found = find_lead(connection, lead_id)
    assert found is not None
    return found


def test_the_lead_has_the_newest_decision_whatever_came_last(leads: Store) -> None:
    assert decide(leads, "rejected", NOW - DAY, reason="budget")
    assert decide(leads, "recycled", NOW - 3 * DAY)
    assert (lead(leads).outcome, lead(leads).decided_at) == ("rejected", NOW - DAY)
    assert decide(leads, "sql", NOW)
    assert (lead(leads).outcome, lead(leads).decided_at) == ("sql", NOW)
    with leads.reading() as connection:
        found = [(each.outcome, each.reason) for each in outcomes_of(connection, "a")]
        assert outcomes_of(connection, "b") == []
    assert found == [("recycled", None), ("rejected", "budget"), ("sql", None)]


def test_of_two_decisions_at_one_moment_the_one_that_came_last_stands(leads: Store) -> None:
    decide(leads, "rejected", NOW)
    decide(leads, "sql", NOW)
    assert lead(leads).outcome == "sql"


def test_the_same_decision_counts_once(leads: Store) -> None:
    assert decide(leads, "sql", NOW)
    assert not decide(leads, "sql", NOW, reason="told again")
    with leads.reading() as connection:
        assert [each.reason for each in outcomes_of(connection, "a")] == [None]


def test_the_earliest_first_touch_stands(leads: Store) -> None:
    decide(leads, "sql", NOW, first_touch_at=NOW - DAY)
    decide(leads, "sql", NOW, first_touch_at=NOW - 2 * DAY)
    decide(leads, "sql", NOW, first_touch_at=NOW)
    assert lead(leads).first_touch_at == NOW - 2 * DAY


def test_useful_contents_add_up_and_count_once(leads: Store) -> None:
    decide(leads, "unworked", NOW, useful_content=["guide", "guide", "tour"])
    decide(leads, "sql", NOW, useful_content=["tour", "prices"])
    with leads.reading() as connection:
        assert useful_contents_of(connection, "a") == ["guide", "prices", "tour"]


def test_a_decision_on_a_lead_that_is_not_there_is_refused_by_name(leads: Store) -> None:
    with pytest.raises(UnknownLeadError, match="no lead 'nobody'"):
        decide(leads, "sql", NOW, lead_id="nobody")


def test_many_decisions_at_once_do_what_they_do_one_by_one(leads: Store) -> None:
    many = [Decision(each, outcome, None, NOW - DAY) for each in ("a", "b") for outcome in ("rejected", "sql")]
    with leads.writing() as connection:
        assert add_decisions(connection, many, NOW) == 4
        assert add_decisions(connection, [*many, Decision("b", "recycled", None, NOW)], NOW) == 1
        assert add_decisions(connection, [], NOW) == 0
    assert [lead(leads, each).outcome for each in ("a", "b")] == ["sql", "recycled"]
    assert lead(leads).decided_at == NOW - DAY
