"""The service as processes of its own, for tests that need more than a client inside this one."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import httpx2
import pytest

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


def answers(port: int, timeout_s: float = 5.0) -> bool:
    try:
        return httpx2.get(f"http://127.0.0.1:{port}/readyz", timeout=timeout_s).status_code == 200
    except httpx2.TransportError:
        return False


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def running_service(published: ServiceSettings, port: int, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
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
