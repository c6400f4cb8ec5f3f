"""Events count once, come in any order, and belong to leads that are there."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from random import Random
from threading import Barrier

import pytest
from polars.testing import assert_frame_equal

from features.store import Store
from features.store.events import AddedEvents, StoredEvent, add_events, events_of, events_of_leads
from features.store.leads import put_lead

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


@pytest.fixture
def leads(store: Store) -> Store:
    with store.writing() as connection:
        for lead_id in ("a", "b"):
            put_lead(connection, lead_id, {}, handed_over_at=None, owner=None, now=NOW)
    return store


def event(event_id: str, lead_id: str = "a", **members: object) -> StoredEvent:
    known = {"type": "download", "occurred_at": NOW, "content": "guide"} | members
    return StoredEvent(event_id, lead_id, **known)  # type: ignore[arg-type]


def add(store: Store, *events: StoredEvent) -> AddedEvents:
    with store.writing() as connection:
        return add_events(connection, events, NOW)


def test_events_come_out_oldest_first_whatever_order_they_came_in(leads: Store) -> None:
    sent = [event(str(at), occurred_at=NOW - at * timedelta(microseconds=1)) for at in range(20)]
    Random(4).shuffle(sent)
    assert add(leads, *sent) == AddedEvents(20, 0)
    with leads.reading() as connection:
        assert [each.event_id for each in events_of(connection, "a")] == [str(at) for at in reversed(range(20))]
        assert events_of(connection, "a", until=NOW - timedelta(microseconds=19)) == [
            event("19", occurred_at=NOW - timedelta(microseconds=19))
        ]
        assert events_of(connection, "b") == []


def test_an_id_that_came_before_counts_once_in_one_call_and_over_many(leads: Store) -> None:
    assert add(leads, event("1"), event("1", type="other"), event("2")) == AddedEvents(2, 1)
    assert add(leads, event("2"), event("3")) == AddedEvents(1, 1)
    with leads.reading() as connection:
        assert [each.type for each in events_of(connection, "a")] == ["download"] * 3


def test_events_of_leads_that_are_not_there_are_told_by_their_places(leads: Store) -> None:
    assert add(leads, event("1", "nobody"), event("2"), event("3", "nobody")) == AddedEvents(1, 0, unknown=(0, 2))


def test_the_id_of_another_leads_event_is_told_by_its_place(leads: Store) -> None:
    add(leads, event("1"))
    assert add(leads, event("1", "b"), event("2", "b"), event("2", "a")) == AddedEvents(1, 0, taken=(0, 2))


def test_no_event_is_no_work(leads: Store) -> None:
    assert add(leads) == AddedEvents(0, 0)


def test_a_table_of_events_is_what_the_leads_one_by_one_have(leads: Store) -> None:
    early = datetime(1969, 12, 31, 23, 59, 58, 999_999, tzinfo=UTC)
    add(leads, event("1"), event("2", "b", occurred_at=early, content=None), event("3", occurred_at=NOW - SECOND))
    with leads.reading() as connection:
        found = events_of_leads(connection, ["b", "a", "nobody"])
        one_by_one = [each for lead_id in ("a", "b") for each in events_of(connection, lead_id)]
        assert_frame_equal(events_of_leads(connection, []), found.clear())
    assert found.rows() == [(each.lead_id, each.occurred_at, each.type, each.content) for each in one_by_one]


@pytest.mark.slow
def test_many_who_send_the_same_events_in_other_orders_do_not_stop_each_other(leads: Store) -> None:
    together = Barrier(4)

    def send(number: int, turn: int) -> AddedEvents:
        sent = [event(f"{turn} {at}") for at in range(1_500)]
        Random(number).shuffle(sent)
        together.wait()
        return add(leads, *sent)

    with ThreadPoolExecutor(4) as pool:
        for turn in range(4):
            results = list(pool.map(send, range(4), [turn] * 4))
            assert sum(result.added for result in results) == 1_500
