"""The service as processes: it starts, answers from all workers, and ends when told to or left alone."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest

from features.errors import LeadsiftError
from serving.http.server import serve
from serving.http.settings import ServiceSettings

ROOT = Path(__file__).parents[3]
TOKEN = "t" * 43
PATIENCE_S = 30.0
PROGRAM = """
from pathlib import Path
from serving.http.server import serve
from serving.http.settings import ServiceSettings

if __name__ == "__main__":
    serve(ServiceSettings(Path({published!r}), {store_url!r}, port={port}, workers=2, one_time_token={token!r}))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.05)


def answers(port: int) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=5).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def service(published: ServiceSettings, port: int, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Give a running service with two workers; none of its processes or files outlives the test."""
    values = {"published": str(published.published), "store_url": published.store_url, "port": port, "token": TOKEN}
    command = [sys.executable, "-c", PROGRAM.format(**values)]
    own = os.environ | {"TMPDIR": str(tmp_path)}
    process = subprocess.Popen(command, cwd=ROOT, env=own, stderr=subprocess.PIPE, start_new_session=True)
    try:
        until(lambda: answers(port))
        yield process
    finally:
        with suppress(ProcessLookupError):  # nothing of its own session is left
            os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


@pytest.mark.slow
def test_the_service_answers_counts_over_all_workers_and_ends_when_told_to(
    service: subprocess.Popen[bytes], port: int
) -> None:
    url, key = f"http://127.0.0.1:{port}", {"Authorization": f"Bearer {TOKEN}"}
    for number in range(20):  # a connection each, so that both workers get some
        answer = httpx2.post(f"{url}/v1/score", json={"lead_id": str(number)}, headers=key)
        assert answer.status_code == 200, answer.text
    assert "leadsift_leads_scored_total 20.0" in httpx2.get(f"{url}/metrics").text.splitlines()
    service.send_signal(signal.SIGTERM)
    _, log = service.communicate(timeout=PATIENCE_S)
    assert service.returncode == 0
    assert all(line.startswith(b"{") for line in log.splitlines()), log.decode()
    assert TOKEN.encode() not in log


@pytest.mark.slow
def test_workers_end_when_their_parent_is_killed(service: subprocess.Popen[bytes], port: int) -> None:
    os.kill(service.pid, signal.SIGKILL)
    service.wait(PATIENCE_S)
    until(lambda: not answers(port))


def test_an_address_in_use_is_said_in_one_line(settings: ServiceSettings, port: int) -> None:
    with socket.socket() as other:
        other.bind(("127.0.0.1", port))
        other.listen()
        with pytest.raises(LeadsiftError, match=rf"cannot listen on 127\.0\.0\.1, port {port}: .*choose another"):
            serve(replace(settings, port=port))
