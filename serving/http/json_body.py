"""Reads a request's body as JSON, once, and refuses what other readers let through.

orjson already refuses NaN, Infinity, numbers that overflow, lone surrogates, invalid UTF-8 and nesting without end.
Repeated keys, NUL characters, and size are looked after here.
"""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import orjson
from fastapi import Request

from serving.http.problems import ProblemError, not_acceptable
from serving.values.field_error import FieldError, pointer_part

MAX_BYTES = 16 * 2**20
TOO_LARGE = f"a body holds at most {MAX_BYTES // 2**20} MiB; send fewer leads or events at a time"
READ_TIMEOUT_S = 20.0  # a body that trickles must not hold a place for ever
JSON_TYPES = {"application/json", "application/json;charset=utf-8"}


async def read_body(request: Request) -> list[bytes]:
    """Give the bytes of a JSON body in the pieces that they came in: joining megabytes would hold up other requests.

    Raises ProblemError: 415 for another media type, 413 above 16 MiB, 408 where it does not arrive in time.
    FastAPI's own limit would answer in plain text.
    """
    media_type = request.headers.get("content-type", "")
    if media_type.replace(" ", "").replace('"', "").lower() not in JSON_TYPES:
        raise ProblemError(415, "send the body with Content-Type: application/json, in UTF-8")
    if "content-encoding" in request.headers:
        raise ProblemError(415, "send the body as it is, without Content-Encoding")
    return await collect_body(request, MAX_BYTES, TOO_LARGE)


async def collect_body(request: Request, most: int, too_large: str) -> list[bytes]:
    """Give the pieces of a body of at most so many bytes.

    Raises ProblemError: 413 that says `too_large`, 408 where it does not arrive in time.
    """
    announced = request.headers.get("content-length", "0")
    if announced.isdecimal() and int(announced) > most:
        raise ProblemError(413, too_large)
    try:
        async with asyncio.timeout(READ_TIMEOUT_S):
            return await _pieces(request, most, too_large)
    except TimeoutError:
        raise ProblemError(408, f"the body did not arrive within {READ_TIMEOUT_S:.0f} seconds") from None


async def _pieces(request: Request, most: int, too_large: str) -> list[bytes]:
    pieces, size = [], 0
    async for piece in request.stream():
        size += len(piece)
        if size > most:
            raise ProblemError(413, too_large)
        pieces.append(piece)
    return pieces


def parse_json(body: bytes) -> Any:
    """Give the value of a JSON text.

    Raises ProblemError: 400 for what is not JSON or repeats a key, 422 for a NUL character.

    >>> parse_json(b'{"a": [1, 2.5, null]}')
    {'a': [1, 2.5, None]}
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise ProblemError(400, f"the body is not JSON: {error}", "not-json") from None
    try:
        written = orjson.dumps(value)
    except orjson.JSONEncodeError:  # it reads deeper than it writes
        raise ProblemError(400, "the body is nested too deeply", "not-json") from None
    if _may_repeat_keys(body, written):
        _refuse_repeated_keys(body)
    if rb"\u0000" in body:
        _refuse_nul(value)
    return value


def _may_repeat_keys(body: bytes, written: bytes) -> bool:
    r"""Say whether a key of the text may be missing from what was read and written again; False is certain.

    Each key carries one colon. What is written has as many colons as the text had, less those of dropped keys; only
    the escape \u003a could make up for them, so a text with such an escape is looked at closely.
    """
    return rb"\u003" in body or body.count(b":") != written.count(b":")


def _refuse_repeated_keys(body: bytes) -> None:
    def check(pairs: list[tuple[str, Any]]) -> None:
        seen = set()
        for key, _ in pairs:
            if key in seen:
                raise ProblemError(400, f"the key {key[:60]!r} stands twice in one object; send it once", "not-json")
            seen.add(key)

    json.loads(body, object_pairs_hook=check, parse_int=float)


def _refuse_nul(value: Any) -> None:
    errors = [FieldError(pointer, "holds a NUL character; leave it out") for pointer in _nul_pointers(value, "#")]
    if errors:
        raise not_acceptable(errors)


def _nul_pointers(value: Any, pointer: str) -> Iterator[str]:
    match value:
        case str():
            if "\0" in value:
                yield pointer
        case list():
            for at, each in enumerate(value):
                yield from _nul_pointers(each, f"{pointer}/{at}")
        case dict():
            for key, each in value.items():
                if "\0" in key:
                    yield pointer
                yield from _nul_pointers(each, f"{pointer}/{pointer_part(key)}")
