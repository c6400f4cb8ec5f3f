"""The service as it runs in earnest, in a process group of its own, so that all of it can be killed at once."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path

from serving.http.settings import LOCALHOST, ServiceSettings

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0  # for what takes a second or two where nothing else runs
LOOK_EVERY_S = 0.01
PROGRAM = """
import json, sys
from pathlib import Path
from serving.http.server import serve
from serving.http.settings import ServiceSettings

if __name__ == "__main__":
    values = json.loads(sys.argv[1])
    serve(ServiceSettings(Path(values.pop("published")), **values))
"""


@dataclass
class RunningService:
    """The service with these settings on a port of this machine, whose log goes to the end of the file `log`."""

    settings: ServiceSettings
    log: Path
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    def start(self, workers: int = 1) -> None:
        """Start it, and do not wait for it. Call `stop` or `kill` however things end."""
        plain = {name: value for name, value in asdict(self.settings).items() if value is not None}
        values = {name: value for name, value in plain.items() if name != "fact_rules"}  # no JSON; it has a default
        sent = json.dumps(values | {"workers": workers}, default=str)
        command = [sys.executable, "-c", PROGRAM, sent]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, stderr=log, start_new_session=True)

    def wait(self) -> None:
        """Wait until it can score."""
        until(self._is_ready, self._said)

    def kill(self) -> None:
        """Kill every process of it at once, as a power cut would, and wait until its port is free."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """End it in good order."""
        self._end(signal.SIGTERM)

    def pids(self) -> list[int]:
        """Give the processes of its group: what watches over the workers, these, and what they started."""
        assert self._process is not None, "it was started"
        groups = {int(path.name): _group_of(path) for path in Path("/proc").glob("[0-9]*")}
        return [pid for pid, group in groups.items() if group == self._process.pid]

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        try:
            with suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            self._process.wait(PATIENCE_S)
        finally:
            with suppress(ProcessLookupError):  # nothing of the group is left
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None
        until(lambda: not self._listens(), self._said)

    def _is_ready(self) -> bool:
        assert self._process is not None, "it was started"
        assert self._process.poll() is None, f"the service ended by itself: {self._said()}"
        with suppress(OSError), socket.create_connection((self.settings.host, self.settings.port), 5) as connection:
            connection.sendall(f"GET /readyz HTTP/1.1\r\nHost: {LOCALHOST}\r\nConnection: close\r\n\r\n".encode())
            return connection.recv(64).startswith(b"HTTP/1.1 200")
        return False

    def _listens(self) -> bool:
        try:
            socket.create_connection((self.settings.host, self.settings.port), 5).close()
        except OSError:
            return False
        return True

    def _said(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")[-2_000:]


def free_port() -> int:
    """Give a port that nothing listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def until(holds: Callable[[], bool], said: Callable[[], str] = str) -> None:
    """Wait until something holds; fails, with what is `said` then, where it takes too long."""
    deadline = time.monotonic() + PATIENCE_S
    while not holds():
        assert time.monotonic() < deadline, f"it did not come about in time: {said()}"
        time.sleep(LOOK_EVERY_S)


def _group_of(folder: Path) -> int | None:
    try:
        return os.getpgid(int(folder.name))
    except ProcessLookupError:
        return None
