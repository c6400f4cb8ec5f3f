"""Servers for the benchmarks: each in a process group of its own, gone at the end."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

from features.store import open_store
from serving.access import Role, create_key

PATIENCE_S = 90.0
LOOK_EVERY_S = 0.01
_SERVE = """
import sys
from pathlib import Path
from features.config import load_config
from features.store.fact_rules import FactRules
from serving.http.server import serve
from serving.http.settings import ServiceSettings
from serving.published import PUBLISHED

if __name__ == "__main__":
    folder, store_url, port = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
    config = load_config(folder / "leadsift.toml")
    own = {"timezone": config.company.timezone, "fact_rules": FactRules.of(config)}
    app = "benchmarks.fixed_answer:create_app_with_fixed_answer"
    serve(ServiceSettings(folder / PUBLISHED, store_url, port=port, **own), app=app)
"""


@contextmanager
def running(command: Sequence[str], ready_url: str, extra: Mapping[str, str] | None = None) -> Iterator[int]:
    """Run a server until the block ends, which begins when `ready_url` answers 200; give its process's number.

    Raises TimeoutError where it does not come up. `extra` is added to the environment.
    """
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, env=os.environ | (extra or {}), start_new_session=True, **quiet)  # type: ignore[call-overload]  # noqa: S603 - our own commands
    try:
        _wait(process, ready_url)
        yield process.pid
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


@contextmanager
def running_service(folder: Path, port: int, store_url: str | None = None) -> Iterator[None]:
    """Run the service of a folder with one worker, on its own store or another one.

    Beside its own addresses it has `/v1/fixed`.
    """
    command = [sys.executable, "-c", _SERVE, str(folder), store_url or store_url_of(folder), str(port)]
    with running(command, f"http://127.0.0.1:{port}/readyz"):
        yield


def store_url_of(folder: Path) -> str:
    """Give the URL of the store that the service of a folder uses."""
    return f"sqlite:///{folder / '.leadsift' / 'leadsift.db'}"


def make_key(folder: Path) -> str:
    """Make an API key for a CRM, so that callers are checked as in earnest."""
    store = open_store(store_url_of(folder))
    try:
        return create_key(store, Role.CRM, "benchmark", datetime.now(UTC)).secret
    finally:
        store.close()


def free_port() -> int:
    """Give a port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end and process.poll() is None:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - this machine
            if answer.status == 200:
                return
        time.sleep(LOOK_EVERY_S)
    raise TimeoutError(f"no answer from {url}: {process.args!r} ended with {process.poll()}")
