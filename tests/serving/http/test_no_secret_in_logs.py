"""Whatever is sent, and whatever fails, no secret and nothing of a lead gets into the service's log."""

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import structlog
from httpx2 import Response
from starlette.testclient import TestClient

from serving.access import Role
from serving.http.logs import configure_logs, json_formatter
from serving.http.settings import ServiceSettings

CANARY = "Canary-7f3e"
LEAD = "/v1/leads/" + CANARY
DECIDED = {"lead_id": CANARY, "outcome": "rejected", "reason": CANARY, "decided_at": "2026-03-02T10:00:00Z"}
CALLS: list[tuple[str, str, Any]] = [
    ("POST", "/v1/score", {"lead_id": CANARY, "attributes": {"sector": CANARY}}),
    ("POST", "/v1/score", {"lead_id": CANARY, "attributes": {CANARY: 1}}),
    ("POST", "/v1/score/batch", {"leads": [{"lead_id": CANARY}, {CANARY: CANARY}]}),
    ("PUT", LEAD, {"attributes": {"sector": CANARY, CANARY: CANARY}, "owner": CANARY}),
    ("POST", "/v1/events", {"events": [{"event_id": CANARY, "lead_id": CANARY, "type": CANARY}]}),
    ("POST", "/v1/outcomes", DECIDED),
    ("GET", LEAD, None),
    ("GET", LEAD + "/score", None),
    ("GET", LEAD + "/history", None),
    ("GET", f"/v1/worklist?owner={CANARY}", None),
    ("DELETE", LEAD, None),
    ("GET", f"/nowhere/{CANARY}?{CANARY}={CANARY}", None),
    ("GET", f"/?token={CANARY}", None),
    ("GET", f"/login?next=/{CANARY}", None),
    (CANARY, "/v1/model", None),
]


@pytest.fixture
def log(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], str]]:
    """Write logs as the service does, and give what reads them."""
    written = io.StringIO()
    monkeypatch.setattr("sys.stderr", written)
    configure_logs()
    yield written.getvalue
    structlog.reset_defaults()


@pytest.fixture
def secrets(keys: dict[Role, str]) -> list[str]:
    return [CANARY, *keys.values()]


def test_no_call_leaves_a_key_an_id_or_a_value(log: Callable[[], str], client: TestClient, secrets: list[str]) -> None:
    for method, address, body in CALLS:
        headers = {"Idempotency-Key": CANARY, "Cookie": f"leadsift={CANARY}", "Referer": f"https://{CANARY}"}
        client.request(method, address, json=body, headers=headers)
    lines = log()
    assert lines.count('"event": "request"') == len(CALLS)
    for secret in secrets:
        assert secret not in lines


def test_wrong_keys_log_ins_and_cookies_leave_none(
    log: Callable[[], str],
    published: ServiceSettings,
    keys: dict[Role, str],
    client_of: Callable[..., TestClient],
    log_in: Callable[..., Response],
) -> None:
    with client_of(published) as browser:
        assert log_in(browser, CANARY).status_code == 401
        assert log_in(browser, keys[Role.CRM]).status_code == 303
        for header in (f"Bearer {CANARY}", "Bearer ls_" + "Q" * 43, f"Basic {CANARY}"):
            assert browser.get("/v1/model", headers={"Authorization": header}).status_code == 401
        cookie = browser.cookies["leadsift"]
        assert browser.get("/v1/model").status_code == 200
    lines = log()
    for secret in (CANARY, "Q" * 43, cookie, *keys.values()):
        assert secret not in lines


def test_a_failure_inside_tells_where_and_what_kind_but_not_what_was_sent(
    log: Callable[[], str], client: TestClient, secrets: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    nothing: dict[str, str] = {}

    def fail(*_: object) -> None:
        try:
            nothing[CANARY]
        except KeyError as error:
            raise ValueError(f"no sector like {CANARY}") from error

    monkeypatch.setattr("serving.http.scorer.Scorer.answer", fail)
    assert client.post("/v1/score", json={"lead_id": CANARY}).status_code == 500
    lines = log()
    (failed,) = (line for line in map(json.loads, lines.splitlines()) if line["event"] == "request failed")
    told = failed["exception"]
    assert told.index("KeyError") < told.index("which led to") < told.index("ValueError")
    assert "test_no_secret_in_logs.py" in told
    for secret in secrets:
        assert secret not in lines


def test_what_libraries_log_has_the_same_form() -> None:
    try:
        float(CANARY)
    except ValueError:
        record = logging.LogRecord("uvicorn.error", logging.ERROR, "x.py", 1, "it failed", None, sys.exc_info())
    line = json_formatter().format(record)
    assert json.loads(line)["event"] == "it failed"
    assert "ValueError" in line
    assert CANARY not in line
