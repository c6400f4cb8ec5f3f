"""A lead is erased over HTTP."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from features.store import Store
from features.store.audit import newest_entries
from features.store.erased import erased_digests
from serving.http.settings import ServiceSettings
from tests.features.store.test_erasure import contents
from tests.serving.http.live_store.test_lead_reading import NAMES, put

CANARY = "Canary-0b1c"


@pytest.mark.parametrize("lead_id", NAMES)
def test_nothing_is_left_of_it(client: TestClient, lead_id: str) -> None:
    put(client, lead_id)
    address = f"/v1/leads/{quote(lead_id, safe='')}"
    answer = client.delete(address)
    assert (answer.status_code, answer.json()) == (200, {"erased": True, "erased_at": "2026-03-15T12:00:00Z"})
    assert client.get(address).status_code == 404
    assert client.delete(address).status_code == 404


def test_a_canary_is_in_no_table_no_byte_of_an_embedded_store_and_no_log(  # noqa: PLR0917 - fixtures, by name
    client: TestClient,
    store: Store,
    published: ServiceSettings,
    tmp_path: Path,
    event: Callable[..., dict[str, Any]],
    capfd: pytest.CaptureFixture[str],
) -> None:
    put(client, CANARY, attributes={"sector": CANARY, "note": CANARY}, owner=CANARY)
    key = {"Idempotency-Key": "k-1"}
    sent = event(CANARY, lead_id=CANARY, type=CANARY, content=CANARY)
    client.post("/v1/events", json={"events": [sent]}, headers=key)
    decided = {"outcome": "rejected", "reason": CANARY, "decided_at": "2026-03-02T10:00:00Z"}
    client.post("/v1/outcomes", json={"lead_id": CANARY, "useful_content": [CANARY], **decided})
    assert client.get(f"/v1/leads/{CANARY}/score").status_code == 200
    assert CANARY in contents(store)
    assert client.delete(f"/v1/leads/{CANARY}", headers={"Idempotency-Key": "k-2"}).status_code == 200
    assert CANARY not in contents(store)
    written = b"".join(
        path.read_bytes() for folder in (tmp_path, published.published) for path in folder.rglob("*") if path.is_file()
    )
    assert CANARY.encode() not in written
    captured = capfd.readouterr()
    assert CANARY not in captured.out + captured.err


def test_an_erasure_sent_twice_with_one_key_is_done_once(client: TestClient) -> None:
    put(client)
    first, again = (client.delete("/v1/leads/a", headers={"Idempotency-Key": "k"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    assert again.headers["idempotency-replayed"] == "true"


def test_the_same_id_may_come_in_again_as_a_new_lead(client: TestClient) -> None:
    put(client, attributes={"sector": "software"})
    client.delete("/v1/leads/a")
    answer = client.put("/v1/leads/a", json={"attributes": {}})
    assert (answer.status_code, answer.json()["created"]) == (201, True)
    assert len(client.get("/v1/leads/a").json()["changes"]) == 1


def test_an_event_of_an_erased_lead_is_refused(client: TestClient, event: Callable[..., dict[str, Any]]) -> None:
    put(client)
    client.delete("/v1/leads/a")
    assert client.post("/v1/events", json={"events": [event()]}).json()["refused"] == 1


def test_who_erased_is_noted_and_whom_only_by_a_digest(client: TestClient, store: Store) -> None:
    put(client)
    client.delete("/v1/leads/a")
    client.delete("/v1/leads/never-there")
    with store.reading() as connection:
        noted = [entry for entry in newest_entries(connection, 10) if entry.action == "lead erased"]
        (digest,) = erased_digests(connection)
    assert [(entry.who, entry.subject) for entry in noted] == [("key 1, the crm", digest)]
