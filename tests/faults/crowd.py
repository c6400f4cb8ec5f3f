"""Many callers at once, each on a connection of its own, in a process of their own: a load that ends by itself.

    python -m tests.faults.crowd PORT CALLERS SECONDS < REQUEST

They come one after the other within a second, and from then on it counts. Each sends again as soon as it has its
answer; one that was refused comes again when it was told to, or up to a second later: callers keep no step.
"""

import asyncio
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from itertools import count
from random import Random

import orjson

from tests.faults.running_service import ROOT

PATIENCE_S = 30.0
COMING_S = 1.0  # at most; no longer than what counts then
PLACE = b"@@@@@@@@@@@@"  # in a request, becomes a number that is never the same: the id of an event, say
LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
RETRY_AFTER = re.compile(rb"\r\nretry-after: *(\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True)
class Load:
    """What came back: how often each status, and the latencies in seconds of what was done and of what was refused."""

    seconds: float
    statuses: dict[str, int]
    done_s: list[float]
    refused_s: list[float]

    @property
    def goodput(self) -> float:
        """Give how much was done a second."""
        return len(self.done_s) / self.seconds


def send_crowd(port: int, request: bytes, callers: int, seconds: float) -> Load:
    """Send `request` to a service on this machine; raises CalledProcessError where a caller is not answered at all."""
    command = [sys.executable, "-m", "tests.faults.crowd", str(port), str(callers), str(seconds)]
    done = subprocess.run(command, input=request, stdout=subprocess.PIPE, check=True, cwd=ROOT)
    return Load(**orjson.loads(done.stdout))


def share(latencies_s: list[float], below: float) -> float:
    """Give the latency that so large a share of all stays below; 0 where there are none.

    >>> share([0.3, 0.1, 0.2], 0.5)
    0.2
    """
    ordered = sorted(latencies_s)
    return ordered[int(below * (len(ordered) - 1))] if ordered else 0.0


class Crowd:
    """Callers, and what they were answered in the `seconds` after they had all come."""

    def __init__(self, port: int, request: bytes, coming_s: float, seconds: float) -> None:
        self._port = port
        self._request = request
        self._coming_s = coming_s
        self._since = time.perf_counter() + coming_s
        self._until = self._since + seconds
        self._chance = Random(port)
        self._numbers = count(time.time_ns() % 10**11)
        self.statuses: dict[str, int] = {}
        self.done_s: list[float] = []
        self.refused_s: list[float] = []

    async def call(self) -> None:
        """Be one of the callers."""
        await asyncio.sleep(self._coming_s * self._chance.random())
        reader, writer = await asyncio.open_connection("127.0.0.1", self._port)
        while (started := time.perf_counter()) < self._until:
            writer.write(self._request.replace(PLACE, b"%012d" % next(self._numbers)))
            head = await reader.readuntil(b"\r\n\r\n")
            length = LENGTH.search(head)
            assert length is not None, head
            await reader.readexactly(int(length[1]))
            pause_s = self._note(head, time.perf_counter() - started)
            if pause_s:
                await asyncio.sleep(min(pause_s, max(0.0, self._until - time.perf_counter())))
        writer.close()

    def _note(self, head: bytes, latency_s: float) -> float:
        """Note an answer, and give how long to wait before the next call."""
        status = head[9:12].decode()
        is_done = status.startswith("2")
        if self._since <= time.perf_counter() < self._until:
            self.statuses[status] = self.statuses.get(status, 0) + 1
            (self.done_s if is_done else self.refused_s).append(latency_s)
        told = RETRY_AFTER.search(head)
        return 0.0 if is_done or told is None else float(told[1]) + self._chance.random()


async def _run(port: int, callers: int, seconds: float, request: bytes) -> Load:
    coming_s = min(COMING_S, seconds)
    crowd = Crowd(port, request, coming_s, seconds)
    async with asyncio.timeout(coming_s + seconds + PATIENCE_S), asyncio.TaskGroup() as group:
        for _ in range(callers):
            group.create_task(crowd.call())
    return Load(seconds, crowd.statuses, crowd.done_s, crowd.refused_s)


def main() -> None:
    """Send the load, and print what came back as JSON."""
    port, callers, seconds = sys.argv[1:]
    load = asyncio.run(_run(int(port), int(callers), float(seconds), sys.stdin.buffer.read()))
    sys.stdout.buffer.write(orjson.dumps(load))


if __name__ == "__main__":
    main()
