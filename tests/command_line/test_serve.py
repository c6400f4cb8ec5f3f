"""The real service, started as a user would, answers over HTTP what `leadsift score` writes into a file."""

import json
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tests.command_line.conftest import run_command

PATIENCE_S = 60.0


@dataclass(frozen=True)
class Service:
    """A running service: where it is, and the one-time token it printed."""

    place: str
    token: str

    def get(self, path: str) -> Any:
        return self._answer(urllib.request.Request(self.place + path))

    def post(self, path: str, body: object) -> Any:
        content = json.dumps(body).encode()
        return self._answer(urllib.request.Request(self.place + path, content, {"Content-Type": "application/json"}))

    def _answer(self, request: urllib.request.Request) -> Any:
        request.add_header("Authorization", f"Bearer {self.token}")
        with urllib.request.urlopen(request, timeout=10) as answer:
            return json.loads(answer.read())


@pytest.fixture(scope="module")
def service(trained: Path) -> Iterator[Service]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "leadsift", "serve", "-c", str(trained / "leadsift.toml"), "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert process.stdout is not None
    try:
        found = re.search(r"token=(\S+)", process.stdout.readline())
        assert found is not None
        service = Service(f"http://127.0.0.1:{port}", found[1])
        wait_until_ready(service)
        yield service
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
        process.stdout.close()


def wait_until_ready(service: Service) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        with suppress(urllib.error.URLError, ConnectionError):
            service.get("/readyz")
            return
        time.sleep(0.1)
    pytest.fail("the service was not ready in time")


def lead_of(trained: Path, row: int) -> dict[str, Any]:
    """Give a lead of the sample company as a CRM would send it, as of its hand-over."""
    tables = {name: pl.read_parquet(trained / f"{name}.parquet") for name in ("leads", "events")}
    record = tables["leads"].row(row, named=True)
    events = tables["events"].filter(pl.col("lead_id") == record["lead_id"]).unique("event_id", maintain_order=True)
    zoned = record["mql_at"].astimezone() if record["mql_at"].tzinfo else record["mql_at"]
    as_of = pl.Series([zoned]).dt.replace_time_zone("Europe/Madrid")[0] if zoned.tzinfo is None else zoned
    names = ("sector", "employees", "country", "role", "source", "campaign")
    return {
        "lead_id": str(record["lead_id"]),
        "attributes": {name: record[name] for name in names},
        "events": [
            {"type": each["type"], "occurred_at": each["occurred_at"].isoformat(), "content": each["content_id"]}
            for each in events.iter_rows(named=True)
        ],
        "as_of": as_of.isoformat(),
        "reasons": 100,
    }


def test_a_lead_over_http_gets_the_score_it_gets_from_a_file(service: Service, trained: Path, tmp_path: Path) -> None:
    out = tmp_path / "scores.parquet"
    files = ["--leads", trained / "leads.parquet", "--events", trained / "events.parquet", "-o", out]
    assert run_command("score", "-c", trained / "leadsift.toml", *files).code == 0
    scores = pl.read_parquet(out)
    for row in (0, 700, 1_999):
        answer, expected = service.post("/v1/score", lead_of(trained, row)), scores.row(row, named=True)
        assert answer["probability"] == pytest.approx(expected["probability"], abs=1e-12)
        assert answer["fit"]["points"] == pytest.approx(expected["fit_points"], abs=1e-9)
        assert answer["segment"] == expected["segment"]


def test_reasons_add_up_and_carry_evidence(service: Service, trained: Path) -> None:
    answer = service.post("/v1/score", lead_of(trained, 5))
    for side in ("fit", "engagement"):
        total = sum(reason["points"] for reason in answer["reasons"] if reason["side"] == side)
        assert total == pytest.approx(answer[side]["points"], abs=1e-6)
    assert answer["fit"]["points"] + answer["engagement"]["points"] == pytest.approx(answer["points"], abs=1e-6)
    assert any(reason["evidence"]["leads"] > 100 for reason in answer["reasons"] if reason["evidence"])


def test_a_batch_answers_in_order_and_a_bad_lead_harms_no_other(service: Service, trained: Path) -> None:
    good, bad = lead_of(trained, 3), lead_of(trained, 4) | {"attributes": {"sektor": "software"}}
    results = service.post("/v1/score/batch", {"leads": [good, bad, good]})["results"]
    assert results[0] == results[2]
    assert results[1]["status"] == 422
    assert "sector" in json.dumps(results[1])


def test_the_model_says_what_to_send(service: Service) -> None:
    model = service.get("/v1/model")
    assert model["version"] == "1"
    assert {attribute["name"] for attribute in model["attributes"]} >= {"sector", "employees"}


def test_without_the_token_nothing_is_scored(service: Service) -> None:
    with pytest.raises(urllib.error.HTTPError, match="401"):
        Service(service.place, "ls_wrong").post("/v1/score", {"lead_id": "1"})
