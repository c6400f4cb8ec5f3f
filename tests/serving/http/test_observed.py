"""Around every request: an id, a log without secrets, counts, and problems of one form."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from serving.access import Role
from serving.http.settings import ServiceSettings

MakeLead = Callable[..., dict[str, Any]]


def test_a_callers_own_request_id_comes_back_and_a_strange_one_is_replaced(client: TestClient) -> None:
    own = client.get("/healthz", headers={"X-Request-ID": "crm-7.1"}).headers["x-request-id"]
    strange = client.get("/healthz", headers={"X-Request-ID": "<b>"}).headers["x-request-id"]
    assert own == "crm-7.1"
    assert len(strange) == 32


def test_a_line_of_the_log_tells_the_request_and_no_secret(
    client: TestClient, keys: dict[Role, str], lead: MakeLead
) -> None:
    with capture_logs() as lines:
        client.post("/v1/score", json=lead(lead_id="Ana Secreta"), params={"token": "hidden"})
    (line,) = lines
    expected = {"event": "request", "method": "POST", "route": "/v1/score", "status": 200, "model_version": "1"}
    assert expected.items() <= line.items()
    assert line["ms"] > 0
    for secret in ("Ana", "hidden", keys[Role.CRM], "software"):
        assert secret not in json.dumps(line)


@pytest.mark.parametrize("route", ["/healthz", "/readyz", "/metrics"])
def test_what_is_asked_every_few_seconds_is_not_logged(client: TestClient, route: str) -> None:
    with capture_logs() as lines:
        assert client.get(route).status_code == 200
    assert lines == []


@pytest.mark.parametrize(
    ("method", "address", "status", "says"),
    [
        ("GET", "/nowhere", 404, "there is nothing at this address; /openapi.json lists what there is"),
        ("GET", "/v1/score/", 404, "there is nothing at this address; /openapi.json lists what there is"),
        ("GET", "/v1/score", 405, "this address answers POST alone"),
        ("STRANGE", "/v1/model", 405, "this address answers GET alone"),
    ],
)
def test_the_frameworks_own_errors_have_the_form_of_a_problem(
    client: TestClient, method: str, address: str, status: int, says: str
) -> None:
    answer = client.request(method, address)
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json() | {"title": ""} == {
        "type": "about:blank",
        "title": "",
        "status": status,
        "detail": says,
        "request_id": answer.headers["x-request-id"],
    }


def test_a_failure_inside_tells_nothing_of_the_inside_but_the_log_does(
    client: TestClient, lead: MakeLead, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> None:
        raise ZeroDivisionError("a secret of the inside")

    monkeypatch.setattr("serving.http.scorer.Scorer.answer", fail)
    with capture_logs() as lines:
        answer = client.post("/v1/score", json=lead())
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    failed, request = lines
    assert (failed["event"], failed["request_id"]) == ("request failed", answer.json()["request_id"])
    assert failed["exc_info"]
    assert request["status"] == 500


def test_requests_leads_and_unseen_levels_are_counted(client: TestClient, lead: MakeLead) -> None:
    client.post("/v1/score", json=lead(attributes={"sector": "never seen"}))
    client.post("/v1/score/batch", json={"leads": [lead(), {}, lead()]})
    client.request("STRANGE", "/nowhere")
    page = client.get("/metrics").text
    for line in (
        'leadsift_requests_total{method="POST",route="/v1/score",status="200"} 1.0',
        'leadsift_requests_total{method="other",route="none",status="404"} 1.0',
        'leadsift_request_seconds_count{route="/v1/score/batch",status="200"} 1.0',
        "leadsift_leads_scored_total 3.0",
        'leadsift_unseen_levels_total{attribute="sector"} 1.0',
        'leadsift_missing_values_total{attribute="employees"} 1.0',
        'leadsift_requests_inside{gate="scoring"} 0.0',
        'leadsift_model_loaded{version="1"} 1.0',
    ):
        assert line in page.splitlines()


def test_two_services_in_one_process_count_apart(
    published: ServiceSettings, client: TestClient, client_of: Callable[..., TestClient], lead: MakeLead
) -> None:
    client.post("/v1/score", json=lead())
    with client_of(published) as other:
        assert "leadsift_leads_scored_total 0.0" in other.get("/metrics").text.splitlines()
