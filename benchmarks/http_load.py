"""Sends one request over and over, on several connections at once, from a process of its own.

    python -m benchmarks.http_load HOST PORT CONNECTIONS SECONDS < REQUEST

Each connection sends again as soon as it has the answer. The process does little beside, so that it keeps up with
any server in Python; what it prints is the latencies.
"""

import asyncio
import re
import subprocess
import sys
import time
from dataclasses import dataclass

import orjson

CONNECTIONS = 8
WARM_UP_S = 0.3
PATIENCE_S = 30.0
_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)\r\n", re.IGNORECASE)
_OK = b"HTTP/1.1 200"


@dataclass(frozen=True)
class Load:
    """What came back within the time: requests a second, and the 99th percentile of the latencies in seconds."""

    per_second: float
    p99_s: float


def send_load(port: int, request: bytes, seconds: float, connections: int = CONNECTIONS) -> Load:
    """Send `request` to a server on this machine for so many seconds; raises CalledProcessError where one fails."""
    command = [sys.executable, "-m", "benchmarks.http_load", "127.0.0.1", str(port), str(connections), str(seconds)]
    done = subprocess.run(command, input=request, stdout=subprocess.PIPE, check=True)  # noqa: S603 - our own module
    return Load(**orjson.loads(done.stdout))


def post(path: str, body: bytes, headers: dict[str, str]) -> bytes:
    """Give the bytes of a request with a JSON body."""
    own = {"Host": "127.0.0.1", "Content-Type": "application/json", "Content-Length": str(len(body))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in {**own, **headers}.items())
    return f"POST {path} HTTP/1.1\r\n{lines}\r\n".encode() + body


class _Connection(asyncio.Protocol):
    """Sends, waits for the whole answer, notes the time, and sends again until `until`."""

    def __init__(self, request: bytes, until: float) -> None:
        self._request = request
        self._until = until
        self._answer = b""
        self._awaited: int | None = None
        self._sent_at = 0.0
        self.latencies: list[float] = []
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.WriteTransport)
        self._transport = transport
        self._send()

    def _send(self) -> None:
        self._answer, self._awaited = b"", None
        self._sent_at = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._answer += data
        if self._awaited is None:
            self._awaited = self._whole_length()
        if self._awaited is not None and len(self._answer) >= self._awaited:
            self._note()

    def _whole_length(self) -> int | None:
        end = self._answer.find(b"\r\n\r\n")
        found = _LENGTH.search(self._answer, 0, end + 2) if end >= 0 else None
        return None if found is None else end + 4 + int(found[1])

    def _note(self) -> None:
        now = time.perf_counter()
        if not self._answer.startswith(_OK):
            self._fail(ConnectionError(self._answer[:500].decode(errors="replace")))
            return
        self.latencies.append(now - self._sent_at)
        if now < self._until:
            self._send()
        else:
            self._transport.close()

    def connection_lost(self, error: Exception | None) -> None:
        if not self.ended.done():
            self.ended.set_result(None) if error is None and time.perf_counter() >= self._until else self._fail(
                error or ConnectionError("the server closed the connection")
            )

    def _fail(self, error: Exception) -> None:
        self.ended.set_exception(error)
        self._transport.abort()


async def _run(host: str, port: int, connections: int, seconds: float, request: bytes) -> list[float]:
    until = time.perf_counter() + seconds
    loop = asyncio.get_running_loop()
    made = [await loop.create_connection(lambda: _Connection(request, until), host, port) for _ in range(connections)]
    async with asyncio.timeout(seconds + PATIENCE_S):
        await asyncio.gather(*(protocol.ended for _, protocol in made))
    return [latency for _, protocol in made for latency in protocol.latencies]


def main() -> None:
    """Warm the server up, send the load, print what came back as JSON."""
    host, port, connections, seconds = sys.argv[1:]
    request = sys.stdin.buffer.read()
    asyncio.run(_run(host, int(port), int(connections), WARM_UP_S, request))
    started = time.perf_counter()
    latencies = sorted(asyncio.run(_run(host, int(port), int(connections), float(seconds), request)))
    elapsed = time.perf_counter() - started
    load = Load(len(latencies) / elapsed, latencies[int(0.99 * (len(latencies) - 1))])
    sys.stdout.buffer.write(orjson.dumps(load))


if __name__ == "__main__":
    main()
