"""Events come in by the thousand; a bad one harms no other."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text
from starlette.testclient import TestClient

from features.store import Store
from features.store.events import events_of

Event = Callable[..., dict[str, Any]]


@pytest.fixture
def client(client: TestClient) -> TestClient:
    for lead_id in ("a", "b"):
        assert client.put(f"/v1/leads/{lead_id}", json={}).status_code == 201
    return client


def kept(store: Store, lead_id: str = "a") -> list[str]:
    with store.reading() as connection:
        return [each.event_id for each in events_of(connection, lead_id)]


def test_a_thousand_events_come_in_at_once_in_any_order(client: TestClient, event: Event, store: Store) -> None:
    times = [f"2026-03-{1 + at % 14:02}T10:00:00+0{at % 3}:00" for at in range(1_000)]
    events = [event(f"e{at}", occurred_at=moment, lead_id="ab"[at % 2]) for at, moment in enumerate(times)]
    answer = client.post("/v1/events", json={"events": events})
    assert (answer.status_code, answer.json()) == (200, {"added": 1_000, "repeated": 0, "refused": 0, "problems": []})
    assert len(kept(store)) == len(kept(store, "b")) == 500


def test_more_are_refused_whole(client: TestClient, event: Event, store: Store) -> None:
    answer = client.post("/v1/events", json={"events": [event(str(at)) for at in range(1_001)]})
    assert answer.json()["errors"] == [
        {"pointer": "#/events", "detail": "has 1001 events; send at most 1000 at a time"}
    ]
    assert kept(store) == []


def test_events_sent_again_count_once(client: TestClient, event: Event, store: Store) -> None:
    client.post("/v1/events", json={"events": [event("1")]})
    answer = client.post("/v1/events", json={"events": [event("1", type="other"), event("2"), event("2")]})
    assert answer.json() == {"added": 1, "repeated": 2, "refused": 0, "problems": []}
    assert kept(store) == ["1", "2"]


def test_a_bad_event_is_answered_apart_by_its_place(client: TestClient, event: Event, store: Store) -> None:
    client.post("/v1/events", json={"events": [event("of b", lead_id="b")]})
    flood = {str(at): at for at in range(40)}
    without_id = {key: value for key, value in event().items() if key != "event_id"}
    bad = [
        event("1", lead_id="nobody"),
        event("2", occurred_at="2026-03-01"),
        event("3", occurred_at="2026-03-16T10:00:00Z"),
        event("4", type=""),
        event("5", colour="red"),
        event("of b"),
        without_id,
        flood,
        7,
        event("x" * 201),
        event("8", content="c" * 501),
    ]
    answer = client.post("/v1/events", json={"events": [event("good"), *bad, event("good too")]}).json()
    assert (answer["added"], answer["repeated"], answer["refused"]) == (2, 0, len(bad))
    assert kept(store) == ["good", "good too"]
    assert [each["index"] for each in answer["problems"]] == list(range(1, 1 + len(bad)))
    assert {each["status"] for each in answer["problems"]} == {422}
    pointers = ["lead_id", "occurred_at", "occurred_at", "type", "colour", "event_id", "event_id"]
    expected = [f"#/events/{1 + at}/{pointer}" for at, pointer in enumerate(pointers)] + ["#/events/8", "#/events/9"]
    expected += ["#/events/10/event_id", "#/events/11/content"]
    assert [each["errors"][0]["pointer"] for each in answer["problems"]] == expected
    assert [each["event_id"] for each in answer["problems"]][:2] == ["1", "2"]
    assert "send it first" in answer["problems"][0]["errors"][0]["detail"]


def test_an_event_of_a_clock_that_is_a_little_fast_happened_now(client: TestClient, event: Event, store: Store) -> None:
    client.post("/v1/events", json={"events": [event(occurred_at="2026-03-15T12:04:00Z")]})
    with store.reading() as connection:
        assert [f"{each.occurred_at:%H:%M}" for each in events_of(connection, "a")] == ["12:00"]


def test_a_store_that_fails_keeps_none_of_them(client: TestClient, event: Event, store: Store) -> None:
    with store.writing() as connection:
        connection.execute(text("DROP TABLE events"))
    answer = client.post("/v1/events", json={"events": [event()]})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert answer.json()["title"] == "The store cannot be reached"
