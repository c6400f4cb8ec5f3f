"""Where the store has no place left, writers are sent away before anything is read; all others go on."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from serving.access import Role
from serving.http.settings import ServiceSettings


@pytest.fixture
def full(published: ServiceSettings) -> ServiceSettings:
    """Give settings of a service whose store has no place at all."""
    return replace(published, store_at_once=1, store_waiting=-1)


@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/events"), ("POST", "/v1/outcomes"), ("PUT", "/v1/leads/a/b")]
)
def test_writers_are_sent_away_unread(
    full: ServiceSettings, client_of: Callable[..., TestClient], method: str, path: str
) -> None:
    with client_of(full) as client:
        answer = client.request(method, path, content=b"no JSON, and no key")
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "2")
        assert answer.json()["type"] == "urn:leadsift:problem:too-busy"
        assert answer.json()["request_id"] == answer.headers["x-request-id"]
        route = 'route="/v1/leads/{lead_id:path}"' if method == "PUT" else f'route="{path}"'
        counted = [
            line for line in client.get("/metrics").text.splitlines() if route in line and 'status="429"' in line
        ]
        assert counted


def test_scoring_needs_no_place(
    full: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient]
) -> None:
    with client_of(full, keys[Role.CRM]) as client:
        assert client.post("/v1/score", json={"lead_id": "1"}).status_code == 200
        assert client.get("/v1/events").status_code == 405
