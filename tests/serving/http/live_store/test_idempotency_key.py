"""A write with a key is done once, whatever is sent again and when."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from sqlalchemy import func, select
from starlette.testclient import TestClient

from features.store import Store
from features.store.leads import changes_of
from features.store.schema import idempotency_keys, idempotency_leads, outcomes
from serving.access import Role, create_key
from serving.http.app import create_app
from serving.http.settings import ServiceSettings

OUTCOME = {"lead_id": "a", "outcome": "sql", "decided_at": "2026-03-02T10:00:00Z"}
KEY = {"Idempotency-Key": "key-1"}


@pytest.fixture
def client(client: TestClient) -> TestClient:
    assert client.put("/v1/leads/a", json={"attributes": {"x": 1}}).status_code == 201
    return client


def count(store: Store, table: Any) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(func.count()).select_from(table)).scalar_one())


def test_the_same_again_gets_the_first_answer_to_the_byte_and_does_nothing(client: TestClient, store: Store) -> None:
    first, again = (client.post("/v1/outcomes", json=OUTCOME, headers=KEY) for _ in range(2))
    assert (again.status_code, again.content) == (first.status_code, first.content)
    assert ("Idempotency-Replayed" in first.headers, again.headers["Idempotency-Replayed"]) == (False, "true")
    assert again.headers["content-type"] == "application/json"
    assert count(store, outcomes) == 1


def test_every_write_knows_the_key(client: TestClient, store: Store, event: Callable[..., dict[str, Any]]) -> None:
    client.put("/v1/leads/b", json={}, headers=KEY)
    put = client.put("/v1/leads/b", json={}, headers=KEY)
    assert (put.status_code, put.json()["created"]) == (201, True)
    unreadable = [event("3", lead_id="bad", type=7), event("4", lead_id="x" * 201), 5]
    events = {"events": [event(), event("2", lead_id="nobody"), *unreadable]}
    first, again = (client.post("/v1/events", json=events, headers={"Idempotency-Key": "2"}) for _ in range(2))
    assert first.json()["added"] == 1
    assert again.content == first.content
    with store.reading() as connection:
        named = connection.execute(select(*idempotency_leads.c["key", "lead_id"])).all()
    assert {tuple(row) for row in named} == {("key-1", "b"), ("2", "a"), ("2", "nobody"), ("2", "bad")}


def test_a_key_is_for_one_address_and_one_body(client: TestClient) -> None:
    client.put("/v1/leads/b", json={}, headers=KEY)
    others = [
        client.put("/v1/leads/c", json={}, headers=KEY),
        client.put("/v1/leads/b", json={"owner": "Ana"}, headers=KEY),
        client.post("/v1/outcomes", json=OUTCOME, headers=KEY),
    ]
    assert [each.status_code for each in others] == [422] * 3
    assert {each.json()["type"] for each in others} == {"urn:leadsift:problem:key-used"}


def test_a_refused_write_leaves_its_key_free(client: TestClient) -> None:
    assert client.post("/v1/outcomes", json=OUTCOME | {"outcome": "won"}, headers=KEY).status_code == 422
    assert client.post("/v1/outcomes", json=OUTCOME | {"lead_id": "nobody"}, headers=KEY).status_code == 422
    assert client.post("/v1/outcomes", json=OUTCOME, headers=KEY).status_code == 200


def test_fifty_at_once_are_one(client: TestClient, store: Store) -> None:
    def send(_: int) -> tuple[int, bytes]:
        answer = client.put("/v1/leads/a", json={"attributes": {"x": 2}}, headers=KEY)
        return answer.status_code, answer.content if answer.status_code == 200 else b""

    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(send, range(50)))
    assert {status for status, _ in answers} <= {200, 409}
    assert len({body for status, body in answers if status == 200}) == 1
    assert count(store, idempotency_keys) == 1
    with store.reading() as connection:
        assert [each.attributes for each in changes_of(connection, "a")] == [{"x": 1}, {"x": 2}]


def test_the_answer_outlives_the_service_and_is_forgotten_after_a_day(
    client: TestClient, published: ServiceSettings, keys: dict[Role, str], now: datetime
) -> None:
    first = client.post("/v1/outcomes", json=OUTCOME, headers=KEY)
    bearer = {"Authorization": f"Bearer {keys[Role.CRM]}"}
    for moment, replayed in ((now + timedelta(hours=23), "true"), (now + timedelta(hours=24), None)):
        with TestClient(create_app(published, now=partial(_same, moment)), headers=bearer) as restarted:
            again = restarted.post("/v1/outcomes", json=OUTCOME, headers=KEY)
        assert again.headers.get("Idempotency-Replayed") == replayed
        assert again.json()["added"] is (first.json()["added"] and replayed is not None)


def _same(moment: datetime) -> datetime:
    return moment


def test_a_key_is_the_callers_own(
    client: TestClient, published: ServiceSettings, client_of: Callable[..., TestClient], store: Store, now: datetime
) -> None:
    client.post("/v1/outcomes", json=OUTCOME, headers=KEY)
    with client_of(published, create_key(store, "crm", "another", now).secret) as other:
        assert "Idempotency-Replayed" not in other.post("/v1/outcomes", json=OUTCOME, headers=KEY).headers


@pytest.mark.parametrize("key", ["", "x" * 201, "a b", "ä"])
def test_a_key_that_is_none_is_refused(client: TestClient, key: str) -> None:
    answer = client.post("/v1/outcomes", json=OUTCOME, headers={b"Idempotency-Key": key.encode("latin-1")})
    assert (answer.status_code, answer.json()["type"]) == (400, "urn:leadsift:problem:bad-key")
