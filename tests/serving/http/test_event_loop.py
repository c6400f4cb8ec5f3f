"""No request holds up the others: the event loop goes on while a large one is worked on."""

import asyncio
import time
from collections.abc import Callable, Iterator
from typing import Any

import orjson
import pytest
from fastapi import FastAPI
from starlette.types import Message

from serving.access import Role
from serving.http.app import create_app
from serving.http.settings import ServiceSettings
from tests.serving.http.conftest import NOW

LONGEST_S = 0.005
TRIES = 3
PIECE_BYTES = 64 * 1024  # as uvicorn hands a body on
TICK_S = 0.0005

MakeLead = Callable[..., dict[str, Any]]


class Ticker:
    """Notes the longest stretch of this process's own processor time between two turns of the loop.

    Time that other processes took does not count, so that a busy machine cannot fail the test; whatever runs in this
    process and keeps the loop waiting does, in the loop itself as in a thread that holds the interpreter's lock.
    """

    def __init__(self) -> None:
        self.longest_s = 0.0

    async def run(self) -> None:
        last = time.process_time()
        while True:
            await asyncio.sleep(TICK_S)
            now = time.process_time()
            self.longest_s, last = max(self.longest_s, now - last), now


def pieces_of(body: bytes) -> Iterator[bytes]:
    return (body[start : start + PIECE_BYTES] for start in range(0, len(body), PIECE_BYTES))


async def post(app: FastAPI, path: str, body: bytes, key: str) -> list[Message]:
    """Call the app as a server does; give what it sent."""
    waiting, sent = pieces_of(body), []
    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {key}".encode())]

    async def receive() -> Message:
        await asyncio.sleep(0)
        piece = next(waiting, b"")
        return {"type": "http.request", "body": piece, "more_body": bool(piece)}

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": path, "headers": headers, "query_string": b"", "root_path": ""}
    await app(scope, receive, send)
    return sent


async def longest_stretch(app: FastAPI, path: str, body: bytes, key: str) -> tuple[int, float]:
    """Give the status of the answer, and the longest the loop had to wait meanwhile, of the best try."""
    stretches, statuses = [], set()
    async with app.router.lifespan_context(app):
        await post(app, path, b"{}", key)  # what is made once is made
        for _ in range(TRIES):
            ticker = Ticker()
            ticking = asyncio.create_task(ticker.run())
            await asyncio.sleep(0)
            statuses.add((await post(app, path, body, key))[0]["status"])
            ticking.cancel()
            stretches.append(ticker.longest_s)
    (status,) = statuses
    return status, min(stretches)


@pytest.fixture
def bodies(lead: MakeLead) -> dict[str, tuple[str, bytes]]:
    events = [
        {"type": "download", "occurred_at": f"2026-03-01T10:{minute:02}:00Z", "content": f"guide-{minute}"}
        for minute in range(30)
    ]
    many = [lead(lead_id=str(number), events=events) for number in range(1_000)]
    largest = b'{"leads": [' + b" " * (16 * 2**20 - 20) + b"]}"
    return {
        "a thousand leads with thirty events": ("/v1/score/batch", orjson.dumps({"leads": many})),
        "a body as large as may be": ("/v1/score/batch", largest),
        "a lead with five thousand events": ("/v1/score", orjson.dumps(lead(events=(events * 167)[:5_000]))),
    }


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    ["a thousand leads with thirty events", "a body as large as may be", "a lead with five thousand events"],
)
def test_the_loop_never_waits_longer_than_five_milliseconds(
    published: ServiceSettings, keys: dict[Role, str], bodies: dict[str, tuple[str, bytes]], name: str
) -> None:
    path, body = bodies[name]
    app = create_app(published, now=lambda: NOW)
    status, longest_s = asyncio.run(longest_stretch(app, path, body, keys[Role.CRM]))
    assert status == 200
    assert longest_s < LONGEST_S
