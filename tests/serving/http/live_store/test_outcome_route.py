"""What sales decided comes in, once."""

from typing import Any

import pytest
from starlette.testclient import TestClient

from features.store import Store
from features.store.leads import find_lead
from features.store.outcomes import outcomes_of, useful_contents_of


@pytest.fixture
def client(client: TestClient) -> TestClient:
    assert client.put("/v1/leads/a", json={}).status_code == 201
    return client


def outcome(**members: Any) -> dict[str, Any]:
    return {"lead_id": "a", "outcome": "rejected", "decided_at": "2026-03-02T10:00:00Z"} | members


def test_a_decision_is_kept_with_all_that_was_said(client: TestClient, store: Store) -> None:
    sent = outcome(reason="budget", first_touch_at="2026-03-01T10:00:00Z", useful_content=["guide", "tour", "guide"])
    answer = client.post("/v1/outcomes", json=sent)
    assert (answer.status_code, answer.json()) == (200, {"lead_id": "a", "outcome": "rejected", "added": True})
    with store.reading() as connection:
        lead, decisions = find_lead(connection, "a"), outcomes_of(connection, "a")
        assert useful_contents_of(connection, "a") == ["guide", "tour"]
    assert lead is not None
    assert lead.first_touch_at is not None
    assert (lead.outcome, f"{lead.first_touch_at:%d %H}") == ("rejected", "01 10")
    assert [(each.outcome, each.reason) for each in decisions] == [("rejected", "budget")]


def test_the_same_decision_again_is_told_to_be_known(client: TestClient) -> None:
    assert [client.post("/v1/outcomes", json=outcome()).json()["added"] for _ in range(2)] == [True, False]


@pytest.mark.parametrize("word", ["sql", "rejected", "recycled", "unworked"])
def test_every_outcome_is_taken(client: TestClient, word: str) -> None:
    assert client.post("/v1/outcomes", json=outcome(outcome=word)).status_code == 200


@pytest.mark.parametrize(
    ("members", "pointer", "says"),
    [
        ({"lead_id": "nobody"}, "#/lead_id", "is no lead that is here; send it first"),
        ({"outcome": "SQL"}, "#/outcome", "is 'SQL'; it must be 'sql', 'rejected', 'recycled' or 'unworked'"),
        ({"outcome": 7}, "#/outcome", "must be"),
        ({"decided_at": "2026-03-16T10:00:00Z"}, "#/decided_at", "lies in the future"),
        ({"decided_at": None}, "#/decided_at", "must be text, not null"),
        ({"first_touch_at": "soon"}, "#/first_touch_at", "is not a time"),
        ({"reason": "x" * 501}, "#/reason", "has 501 characters; at most 500 are read"),
        ({"useful_content": [""]}, "#/useful_content/0", "is empty"),
        ({"useful_content": ["x"] * 101}, "#/useful_content", "101"),
        ({"outcom": "sql"}, "#/outcom", "did you mean 'outcome'?"),
    ],
)
def test_what_is_wrong_is_said_at_its_place(
    client: TestClient, members: dict[str, Any], pointer: str, says: str
) -> None:
    answer = client.post("/v1/outcomes", json=outcome(**members))
    assert answer.status_code == 422
    found = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
    assert list(found) == [pointer]
    assert says in found[pointer]


@pytest.mark.parametrize("body", [[], 7, "sql", {str(at): 1 for at in range(30)}])
def test_a_body_that_is_no_outcome_is_refused(client: TestClient, body: Any) -> None:
    assert client.post("/v1/outcomes", json=body).status_code == 422
