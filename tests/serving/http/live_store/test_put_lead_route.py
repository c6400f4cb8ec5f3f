"""A lead is put, whole, and every way to do it wrong is said."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pytest
from sqlalchemy import select, text
from starlette.testclient import TestClient

from features.store import Store
from features.store.erased import erased_digests, remember_erasure
from features.store.leads import StoredLead, changes_of, find_lead
from features.store.schema import scores
from serving.access import Role
from serving.http.settings import ServiceSettings

HANDED_OVER = "2026-03-01T10:00:00Z"


def lead(store: Store, lead_id: str = "a") -> StoredLead:
    with store.reading() as connection:
        found = find_lead(connection, lead_id)
    assert found is not None
    return found


def problems(client: TestClient, body: Any) -> dict[str, str]:
    answer = client.put("/v1/leads/a", json=body)
    assert answer.status_code == 422, answer.text
    return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}


def test_a_new_lead_is_201_and_then_200_and_the_answer_says_what_changed(client: TestClient, store: Store) -> None:
    body = {"attributes": {"sector": "software"}, "handed_over_at": HANDED_OVER, "owner": "Ana"}
    first, again = (client.put("/v1/leads/a", json=body) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == {
        "lead_id": "a",
        "created": True,
        "changed": True,
        "changed_at": "2026-03-15T12:00:00Z",
        "handed_over_at": HANDED_OVER,
        "owner": "Ana",
        "warnings": [],
    }
    assert (again.json()["created"], again.json()["changed"]) == (False, False)
    assert lead(store).attributes == {"sector": "software"}


@pytest.mark.parametrize("lead_id", ["a/b", "ÄÖ 日本", "100%", "x?y#z", "..a", "score", "x" * 200])
def test_any_id_can_stand_in_the_address(client: TestClient, store: Store, lead_id: str) -> None:
    answer = client.put(f"/v1/leads/{quote(lead_id, safe='')}", json={})
    assert (answer.status_code, answer.json().get("lead_id")) == (201, lead_id)
    assert lead(store, lead_id).lead_id == lead_id


@pytest.mark.parametrize("lead_id", ["", "x" * 201, "a%00", "a%2Fscore", "a%2Fhistory"])
def test_an_address_that_cannot_be_a_leads_is_refused(client: TestClient, lead_id: str) -> None:
    assert client.put(f"/v1/leads/{lead_id}", json={}).status_code == 422


def test_attributes_are_replaced_and_hand_over_and_owner_stay_unless_said(client: TestClient, store: Store) -> None:
    client.put("/v1/leads/a", json={"attributes": {"x": 1}, "handed_over_at": HANDED_OVER, "owner": "Ana"})
    client.put("/v1/leads/a", json={"attributes": {"y": 2}})
    kept = lead(store)
    assert (kept.attributes, kept.owner) == ({"y": 2}, "Ana")
    assert kept.handed_over_at == datetime(2026, 3, 1, 10, tzinfo=UTC)
    client.put("/v1/leads/a", json={"handed_over_at": None, "owner": None})
    assert (lead(store).handed_over_at, lead(store).owner) == (None, None)
    with store.reading() as connection:
        assert [each.attributes for each in changes_of(connection, "a")] == [{"x": 1}, {"y": 2}, {}]


def test_what_the_model_reads_is_kept_as_the_model_reads_it(client: TestClient, store: Store) -> None:
    sent = {"sector": 7, "employees": 12, "opted in": "yes", "created": "2026-03-01", "TotalVisits": None}
    assert client.put("/v1/leads/a", json={"attributes": sent}).status_code == 201
    assert lead(store).attributes == {"sector": "7", "employees": 12, "opted in": True, "created": "2026-03-01"}


def test_what_the_model_does_not_read_is_kept_and_a_likely_slip_is_told(client: TestClient, store: Store) -> None:
    sent = {"Sektor": "x", "日本": True, "n": 1.5}
    answer = client.put("/v1/leads/a", json={"attributes": sent})
    assert answer.json()["warnings"] == ["'Sektor' is kept, but the model does not read it; it reads 'sector'"]
    assert lead(store).attributes == sent


def test_everything_that_is_wrong_is_said_at_once(client: TestClient) -> None:
    attributes = {"employees": "12", "opted in": 3, "x": [1], "big": 1e16, "long": "x" * 501, " ": 1, "created": "soon"}
    found = problems(client, {"attributes": attributes, "handed_over_at": "2027-01-01T00:00:00Z"})
    assert set(found) == {f"#/attributes/{name}" for name in attributes} | {"#/handed_over_at"}
    assert "lies in the future" in found["#/handed_over_at"]


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ([], "#"),
        ({"attributes": []}, "#/attributes"),
        ({"attributes": {str(at): at for at in range(501)}}, "#/attributes"),
        ({"ownr": "Ana"}, "#/ownr"),
        ({"owner": ""}, "#/owner"),
        ({"owner": "x" * 201}, "#/owner"),
        ({"owner": 7}, "#/owner"),
        ({"handed_over_at": "2026-03-01"}, "#/handed_over_at"),
        ({"attributes": {"x\u0000": 1}}, "#/attributes"),
        ({"attributes": {"é": 1, "e\u0301": 2}}, "#/attributes/e\u0301"),
    ],
)
def test_bodies_that_are_no_lead_are_refused_at_the_place(client: TestClient, body: Any, pointer: str) -> None:
    assert list(problems(client, body)) == [pointer]


def test_without_a_model_any_plain_value_is_kept(
    settings: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient], store: Store
) -> None:
    with client_of(settings, keys[Role.CRM]) as client:
        sent = {"employees": "many", "opted in": 3}
        answer = client.put("/v1/leads/a", json={"attributes": sent, "handed_over_at": HANDED_OVER})
        assert (answer.status_code, answer.json()["warnings"]) == (201, [])
    assert lead(store).attributes == sent


def test_a_hand_over_is_scored_into_the_ledger_and_nothing_else_is(client: TestClient, store: Store) -> None:
    client.put("/v1/leads/a", json={"attributes": {"sector": "software"}})
    client.put("/v1/leads/a", json={"attributes": {"sector": "software"}, "handed_over_at": HANDED_OVER})
    client.put("/v1/leads/a", json={"attributes": {"sector": "retail"}, "handed_over_at": HANDED_OVER})
    with store.reading() as connection:
        rows = connection.execute(select(*scores.c["lead_id", "as_of", "at_hand_over"])).all()
    assert [tuple(row) for row in rows] == [("a", datetime(2026, 3, 1, 10, tzinfo=UTC), True)]


def test_a_lead_whose_score_cannot_be_kept_is_not_kept_either(client: TestClient, store: Store) -> None:
    client.put("/v1/leads/b", json={})
    with store.writing() as connection:
        connection.execute(text("DROP TABLE scores"))
    answer = client.put("/v1/leads/a", json={"handed_over_at": HANDED_OVER})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    with store.reading() as connection:
        assert find_lead(connection, "a") is None
    assert client.post("/v1/score", json={"lead_id": "x"}).status_code == 200


def test_a_lead_that_comes_again_is_no_longer_an_erased_one(client: TestClient, store: Store, now: datetime) -> None:
    with store.writing() as connection:
        remember_erasure(connection, "a", now - timedelta(days=1))
        remember_erasure(connection, "b", now - timedelta(days=1))
    client.put("/v1/leads/a", json={})
    with store.reading() as connection:
        assert len(erased_digests(connection)) == 1


@pytest.mark.parametrize("role", [Role.MARKETER, Role.SCIENTIST])
def test_only_a_crm_writes(
    settings: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient], store: Store, role: Role
) -> None:
    with client_of(settings, keys[role]) as client:
        answers = [client.put("/v1/leads/a", json={}), client.post("/v1/events"), client.post("/v1/outcomes")]
    assert [each.status_code for each in answers] == [403] * 3
    with store.reading() as connection:
        assert find_lead(connection, "a") is None
