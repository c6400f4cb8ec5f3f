"""A CRM that does not give up: it sends a call again until it is answered."""

import time
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from threading import Event
from typing import Any

import orjson

PATIENCE_S = 120.0  # a service that was killed takes some seconds to be back
PAUSE_S = 0.02
COME_AGAIN = {409, 429, 503}


@dataclass(frozen=True)
class Answer:
    """An answer. `replayed`: it is that of an earlier call with the same key; `sent`: how often it was asked for."""

    status: int
    body: bytes
    replayed: bool
    sent: int

    @property
    def value(self) -> Any:
        """Give the body's JSON value."""
        return orjson.loads(self.body)


@dataclass(frozen=True)
class Call:
    """One call, with its Idempotency-Key where it writes."""

    method: str
    path: str
    body: bytes = b""
    key: str | None = None


class Caller:
    """Sends calls one after the other over a connection of its own. `halted` ends its patience at once."""

    def __init__(self, port: int, secret: str, halted: Event) -> None:
        self._connection = HTTPConnection("127.0.0.1", port, timeout=30)
        self._bearer = {"Authorization": f"Bearer {secret}"}
        self._halted = halted

    def ask(self, call: Call) -> Answer:
        """Send a call until it is answered with more than "come again"."""
        deadline, sent = time.monotonic() + PATIENCE_S, 0
        while time.monotonic() < deadline:
            sent += 1
            answer = self.try_once(call, sent)
            if answer is not None and answer.status not in COME_AGAIN:
                return answer
            assert not self._halted.wait(PAUSE_S), "halted"
        raise AssertionError(f"no answer to {call.method} {call.path} in {PATIENCE_S:.0f} s; the last was {answer}")

    def try_once(self, call: Call, sent: int = 1) -> Answer | None:
        """Send a call once; None where the connection broke before its answer was whole."""
        headers = self._bearer | ({"Content-Type": "application/json"} if call.body else {})
        if call.key is not None:
            headers |= {"Idempotency-Key": call.key}
        try:
            self._connection.request(call.method, call.path, call.body or None, headers)
            answer = self._connection.getresponse()
            body = answer.read()
        except (OSError, HTTPException):
            self._connection.close()
            return None
        return Answer(answer.status, body, answer.headers.get("Idempotency-Replayed") == "true", sent)

    def close(self) -> None:
        """Close the connection."""
        self._connection.close()
