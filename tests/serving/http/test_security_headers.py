"""Every answer tells browsers to run nothing but our own, to show it nowhere else, and to keep nothing."""

from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from serving.http.app import create_app
from serving.http.settings import ServiceSettings

EXPECTED = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cache-control": "no-store",
}


@pytest.fixture
def client(reader: TestClient) -> TestClient:
    """Give a client of the shared service: nothing here changes what it holds."""
    return reader


@pytest.mark.parametrize("address", ["/", "/login", "/healthz", "/v1/model", "/v1/score", "/nowhere", "/openapi.json"])
def test_every_answer_carries_them_all_once(client: TestClient, address: str) -> None:
    headers = client.get(address).headers
    assert {name: headers.get_list(name) for name in EXPECTED} == {name: [value] for name, value in EXPECTED.items()}
    assert "strict-transport-security" not in headers


def test_a_failure_inside_carries_them_too(
    client: TestClient, lead: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("serving.http.scorer.Scorer.answer", fail)
    with capture_logs():  # a traceback written out with all its values takes seconds
        answer = client.post("/v1/score", json=lead())
    assert answer.status_code == 500
    assert EXPECTED.items() <= dict(answer.headers).items()


def test_over_https_browsers_are_told_to_stay_there(settings: ServiceSettings) -> None:
    with TestClient(create_app(settings), base_url="https://leads.example") as client:
        assert client.get("/login").headers["strict-transport-security"] == "max-age=31536000"


@pytest.mark.parametrize("address", ["/", "/login", "/v1/leads/nobody"])
def test_pages_have_nothing_that_the_policy_forbids(client: TestClient, address: str) -> None:
    page = client.get(address, headers={"Accept": "text/html"})
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    for forbidden in ("<script", "<style", " style=", " onclick=", "javascript:", "http://cdn", "https://"):
        assert forbidden not in page.text
