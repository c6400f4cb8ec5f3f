"""One stored lead is read over HTTP: its score, its history, everything that is held of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from features.store import Store
from features.store.ledger import scores_of
from serving.access import Role
from serving.http.settings import ServiceSettings

LEAD = {
    "attributes": {"sector": "software", "employees": 120},
    "handed_over_at": "2026-03-01T12:00:00Z",
    "owner": "Ada",
}
NAMES = ["a", "L/2026/17", "señora 日本", "a?b#c%d"]

Event = Callable[..., dict[str, Any]]


def put(client: TestClient, lead_id: str = "a", **members: Any) -> None:
    answer = client.put(f"/v1/leads/{quote(lead_id, safe='')}", json=LEAD | members)
    assert answer.status_code in {200, 201}, answer.text


def get(client: TestClient, path: str, lead_id: str = "a", **query: Any) -> dict[str, Any]:
    answer = client.get(f"/v1/leads/{quote(lead_id, safe='')}{path}", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


@pytest.mark.parametrize("lead_id", NAMES)
def test_a_stored_lead_gets_the_answer_of_the_same_lead_sent(client: TestClient, event: Event, lead_id: str) -> None:
    put(client, lead_id)
    sent = event(lead_id=lead_id)
    assert client.post("/v1/events", json={"events": [sent]}).json()["added"] == 1
    body = {"lead_id": lead_id, "attributes": LEAD["attributes"], "events": [{**sent}]}
    del body["events"][0]["event_id"], body["events"][0]["lead_id"]  # type: ignore[index]
    assert get(client, "/score", lead_id) == client.post("/v1/score", json=body).json()


def test_what_left_is_in_the_ledger_and_the_score_at_hand_over_is_marked(
    client: TestClient, store: Store, event: Event
) -> None:
    put(client)
    client.post("/v1/events", json={"events": [event()]})
    answered = get(client, "/score", reasons=5)
    with store.reading() as connection:
        at_hand_over, asked = scores_of(connection, "a")
    assert (at_hand_over.trigger, at_hand_over.at_hand_over) == ("hand_over", True)
    assert (asked.trigger, asked.at_hand_over) == ("request", False)
    assert (asked.probability, asked.reasons) == (answered["probability"], answered["reasons"])


def test_a_stored_value_that_the_model_cannot_read_is_said(
    published: ServiceSettings, client_of: Callable[..., TestClient], keys: dict[Role, str]
) -> None:
    nothing = replace(published, published=published.published / "none")
    with client_of(nothing, keys[Role.CRM]) as before_the_first_model:
        put(before_the_first_model, attributes={"employees": "many"})
    with client_of(published, keys[Role.CRM]) as client:
        (warning,) = get(client, "/score")["warnings"]
    assert warning.startswith("'employees' must be a number, not 'many'")


def test_the_history_tells_what_changed_in_points_that_add_up(client: TestClient, event: Event) -> None:
    put(client)
    client.post("/v1/events", json={"events": [event()]})
    get(client, "/score")
    first, second = get(client, "/history")["scores"]
    assert first["change"] is None
    change = second["change"]
    assert change["points"] == pytest.approx(second["points"] - first["points"], abs=1e-9)
    parts = change["data"] + change["time"] + change["model"] + change["unexplained"]
    assert parts == pytest.approx(change["points"], abs=1e-6)
    assert [first["trigger"], second["trigger"]] == ["hand_over", "request"]
    assert get(client, "/history", newest=1)["scores"] == [second]


def test_the_history_explains_each_score_again_with_as_many_reasons_as_wanted(client: TestClient, event: Event) -> None:
    put(client)
    client.post("/v1/events", json={"events": [event()]})
    answered = get(client, "/score", reasons=100)
    short = get(client, "/history")["scores"][1]
    full = get(client, "/history", reasons=100)["scores"][1]
    none = get(client, "/history", reasons=0)["scores"][1]
    assert short["reasons"] == full["reasons"] == answered["reasons"]
    assert none["reasons"] == []
    first = get(client, "/history", reasons=100)["scores"][0]
    assert sum(reason["points"] for reason in first["reasons"]) == pytest.approx(first["points"], abs=1e-6)


def test_without_a_model_there_is_no_score_but_still_a_history(
    published: ServiceSettings, client_of: Callable[..., TestClient], keys: dict[Role, str], client: TestClient
) -> None:
    put(client)
    nothing = replace(published, published=published.published / "none")
    with client_of(nothing, keys[Role.CRM]) as without:
        assert without.get("/v1/leads/a/score").status_code == 503
        assert len(get(without, "/history")["scores"]) == 1


def test_everything_that_is_held_of_a_lead_is_given(client: TestClient, event: Event) -> None:
    put(client)
    changed = LEAD | {"attributes": {"sector": "retail", "shoe size": 43}}
    client.put("/v1/leads/a", json=changed, headers={"Idempotency-Key": "k-1"})
    client.post("/v1/events", json={"events": [event()]})
    decided = {"outcome": "rejected", "reason": "budget", "decided_at": "2026-03-02T10:00:00Z"}
    client.post("/v1/outcomes", json={"lead_id": "a", "useful_content": ["guide-1"], **decided})
    held = get(client, "")
    assert held["lead"]["attributes"] == {"sector": "retail", "shoe size": 43}
    assert (held["lead"]["owner"], held["lead"]["outcome"]) == ("Ada", "rejected")
    assert [each["attributes"].get("sector") for each in held["changes"]] == ["software", "retail"]
    assert [each["event_id"] for each in held["events"]] == ["e-1"]
    assert [each["reason"] for each in held["outcomes"]] == ["budget"]
    assert [each["content"] for each in held["useful_contents"]] == ["guide-1"]
    assert [each["at_hand_over"] for each in held["scores"]] == [True]
    assert "software" in held["scores"][0]["inputs"]
    assert [each["key"] for each in held["answers"]] == ["k-1"]
    assert (held["told"], held["audit"]) == ([], [])


@pytest.mark.parametrize("path", ["", "/score", "/history"])
def test_a_lead_that_is_not_there_is_a_404(client: TestClient, path: str) -> None:
    answer = client.get(f"/v1/leads/nobody{path}")
    assert answer.status_code == 404
    assert answer.json()["detail"] == "there is no such lead; it was never sent, or it was erased"


@pytest.mark.parametrize(
    ("query", "pointer", "detail"),
    [
        ("reasons=many", "query/reasons", "must be a whole number, not 'many'"),
        ("reasons=-1", "query/reasons", "is -1; it must be at least 0"),
        ("reasons=101", "query/reasons", "is 101; it must be at most 100"),
        ("reasons=1&reasons=2", "query/reasons", "stands there twice; send it once"),
        ("reason=1", "query/reason", "is not known here; did you mean 'reasons'?"),
    ],
)
def test_a_wrong_question_is_a_422_that_names_it(client: TestClient, query: str, pointer: str, detail: str) -> None:
    put(client)
    answer = client.get(f"/v1/leads/a/score?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": pointer, "detail": detail}]
