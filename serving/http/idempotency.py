"""A write that may be sent twice and is done once: the Idempotency-Key."""

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from hashlib import sha256
from typing import Any, TypeVar

from fastapi import Request, Response
from prometheus_client import Counter
from sqlalchemy import Connection

from features.store.idempotency import KeyBusyError, WriteKey, keep_answer, reserve
from features.store.schema import ID_CHARACTERS
from serving.access import Caller
from serving.http.problems import RETRY_AFTER_S, ProblemError
from serving.http.store_work import StoreWork

T = TypeVar("T")

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
KEY_SHAPE = re.compile(f"[!-~]{{1,{ID_CHARACTERS}}}")
PARAMETER: dict[str, Any] = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": (
        "makes it safe to send a write again: within 24 hours the same key and body get the first answer, and nothing "
        "is done twice; a write that was refused did nothing, and its key is free"
    ),
    "schema": {"type": "string", "pattern": f"^{KEY_SHAPE.pattern}$"},
}


@dataclass(frozen=True)
class Written:
    """The answer to a write that was done. `lead_ids` are the leads that it speaks of."""

    status: int
    body: bytes
    lead_ids: Sequence[str] = ()


class Once:
    """Does writes on the store, and those with a key once; `replays` counts those that were done before."""

    def __init__(self, store: StoreWork, now: Callable[[], datetime], replays: Counter | None = None) -> None:
        self._store = store
        self._now = now
        self._replays = replays
        self._running: set[tuple[str, str]] = set()

    async def write(
        self,
        request: Request,
        caller: Caller,
        body: bytes,
        prepare: Callable[[bytes], T],
        work: Callable[[Connection, T], Written],
    ) -> Response:
        """Read the body by `prepare`, do the `work` with it in one transaction, and give the answer.

        Raises ProblemError: 400 for a key that is none, 409 while a write with this key is under way, 422 where the
        key came with something else before; and whatever `prepare` and `work` raise, after which nothing was done.
        """
        key = _key_of(request, caller, body)
        with self._held(key):
            read = partial(prepare, body) if key is None else partial(_outcome_of, prepare, body)
            written, replayed = await self._store.write_prepared(read, partial(self._do, key=key, work=work))
        if replayed and self._replays is not None:
            self._replays.inc()
        headers = {REPLAYED: "true"} if replayed else {}
        return Response(written.body, written.status, headers, media_type="application/json")

    def _do(
        self,
        connection: Connection,
        prepared: T | ProblemError,
        *,
        key: WriteKey | None,
        work: Callable[[Connection, T], Written],
    ) -> tuple[Written, bool]:
        """Give the answer, and whether it is that of an earlier call."""
        first = None if key is None else _first_answer(connection, key, self._now())
        if first is not None:
            return first, True
        if isinstance(prepared, ProblemError):  # only now: a body once accepted gets its answer again, whatever it is
            raise prepared
        written = work(connection, prepared)
        if key is not None:
            keep_answer(connection, key, written.status, written.body, written.lead_ids)
        return written, False

    @contextmanager
    def _held(self, key: WriteKey | None) -> Iterator[None]:
        if key is None:
            yield
            return
        name = (key.caller, key.key)
        if name in self._running:
            raise _busy()
        self._running.add(name)
        try:
            yield
        finally:
            self._running.remove(name)


def _outcome_of(prepare: Callable[[bytes], T], body: bytes) -> T | ProblemError:
    try:
        return prepare(body)
    except ProblemError as problem:
        return problem


def _first_answer(connection: Connection, key: WriteKey, now: datetime) -> Written | None:
    try:
        kept = reserve(connection, key, now)
    except KeyBusyError:
        raise _busy() from None
    if kept is None:
        return None
    if kept.digest != key.digest:
        detail = f"this {HEADER} came with another request in the last 24 hours; use a new key for a new write"
        raise ProblemError(422, detail, "key-used")
    return Written(kept.status, kept.body)


def _key_of(request: Request, caller: Caller, body: bytes) -> WriteKey | None:
    key = request.headers.get(HEADER)
    if key is None:
        return None
    if not KEY_SHAPE.fullmatch(key):
        raise ProblemError(400, f"{HEADER} must have 1 to {ID_CHARACTERS} visible ASCII characters", "bad-key")
    sent = b"\n".join([request.method.encode(), request.url.path.encode(), body])
    return WriteKey(str(caller.key_id or caller.name), key, sha256(sent).hexdigest())


def _busy() -> ProblemError:
    detail = f"a write with this {HEADER} is under way; send it again in a second to get its answer"
    return ProblemError(409, detail, "key-busy", headers={"Retry-After": RETRY_AFTER_S})
