"""A body is read once, as strict JSON, up to a size."""

import asyncio
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.requests import Request
from starlette.testclient import TestClient
from starlette.types import Message

from serving.http import json_body
from serving.http.json_body import MAX_BYTES, parse_json, read_body
from serving.http.problems import ProblemError

JSON = {"Content-Type": "application/json"}


@pytest.fixture
def client(reader: TestClient) -> TestClient:
    """Give a client of the shared service: nothing here changes what it holds."""
    return reader


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[",
        b"{'a': 1}",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": 1e999}',
        b'{"a": "\\ud800"}',
        b'{"a": "\xff"}',
        b'{"a": 1} {"b": 2}',
        b"\xef\xbb\xbf{}",
        b"[" * 100_000,
        b"[" * 300 + b"]" * 300,
        b'{"a":' * 1_000 + b"1" + b"}" * 1_000,
    ],
)
def test_what_is_not_strict_json_is_a_400(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/score", content=body, headers=JSON)
    assert (answer.status_code, answer.json()["title"]) == (400, "The body is not one JSON value")


@pytest.mark.parametrize(
    "body",
    [
        b'{"lead_id": "1", "lead_id": "2"}',
        b'{"lead_id": "1", "attributes": {"sector": "a", "sector": "a"}}',
        b'{"lead_id": "1", "le\\u0061d_id": "2"}',
        b'{"a": "\\u003a", "b": 1, "b": 2}',  # the escaped colon would make up for the dropped key
        b'{"a": "\\u003A", "b": 1, "b": 2}',
    ],
)
def test_a_key_that_stands_twice_is_a_400(client: TestClient, body: bytes) -> None:
    answer = client.post("/v1/score", content=body, headers=JSON)
    assert answer.status_code == 400
    assert "stands twice in one object" in answer.json()["detail"]


def test_a_nul_character_is_refused_where_it_stands(client: TestClient) -> None:
    body = b'{"lead_id": "a\\u0000", "attributes": {"b\\u0000": 1}, "events": [{"type": "\\u0000"}], "c": "\\\\u0000"}'
    answer = client.post("/v1/score", content=body, headers=JSON)
    assert answer.status_code == 422
    assert [each["pointer"] for each in answer.json()["errors"]] == ["#/lead_id", "#/attributes", "#/events/0/type"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 415),
        ({"Content-Type": "text/plain"}, 415),
        ({"Content-Type": "application/x-www-form-urlencoded"}, 415),
        ({"Content-Type": "application/json; charset=latin-1"}, 415),
        ({"Content-Type": "application/json", "Content-Encoding": "gzip"}, 415),
        ({"Content-Type": "application/json; charset=UTF-8"}, 200),
        ({"Content-Type": 'application/json;charset="utf-8"'}, 200),
    ],
)
def test_only_a_body_announced_as_json_is_read(client: TestClient, headers: dict[str, str], status: int) -> None:
    assert client.post("/v1/score", content=b'{"lead_id": "1"}', headers=headers).status_code == status


def test_a_body_above_the_limit_is_a_413_whether_announced_or_not(client: TestClient) -> None:
    def in_pieces() -> Any:
        for _ in range(MAX_BYTES // 2**20 + 1):
            yield b" " * 2**20

    announced = client.post("/v1/score", content=b"{}", headers=JSON | {"Content-Length": str(MAX_BYTES + 1)})
    streamed = client.post("/v1/score/batch", content=in_pieces(), headers=JSON)
    assert [announced.status_code, streamed.status_code] == [413, 413]
    assert streamed.headers["content-type"] == "application/problem+json"
    assert streamed.json()["detail"].startswith("a body holds at most 16 MiB")


def test_a_body_that_never_arrives_is_a_408(monkeypatch: pytest.MonkeyPatch) -> None:
    async def receive() -> Message:
        await asyncio.Event().wait()
        raise AssertionError

    monkeypatch.setattr(json_body, "READ_TIMEOUT_S", 0.01)
    request = Request({"type": "http", "headers": [(b"content-type", b"application/json")]}, receive)
    with pytest.raises(ProblemError, match="did not arrive within") as refused:
        asyncio.run(read_body(request))
    assert refused.value.status == 408


class Pairs(list[Any]):
    """An object as its pairs, so that a key may stand twice."""


keys = st.sampled_from(["a", "b", "c:", "é", "\u003a"])
values = st.recursive(
    st.none() | st.integers(-5, 5) | st.sampled_from(["", ":", "\\", '"', "::", "\\u003a"]),
    lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(keys, inner), max_size=4).map(Pairs),
    max_leaves=8,
)


def written(value: Any, escape: bool) -> str:
    if isinstance(value, Pairs):
        return "{" + ",".join(f"{written(key, escape)}:{written(each, escape)}" for key, each in value) + "}"
    if isinstance(value, list):
        return "[" + ",".join(written(each, escape) for each in value) + "]"
    text = json.dumps(value)
    return text.replace(":", "\\u003a") if escape and isinstance(value, str) else text


def repeats(value: Any) -> bool:
    if isinstance(value, Pairs):
        names = [key for key, _ in value]
        return len(set(names)) < len(names) or any(repeats(each) for _, each in value)
    return isinstance(value, list) and any(repeats(each) for each in value)


@settings(max_examples=500, deadline=None, derandomize=True)
@given(value=values, escape=st.booleans())
def test_repeated_keys_are_found_exactly_where_there_are_any(value: Any, escape: bool) -> None:
    text = written(value, escape)
    if repeats(value):
        with pytest.raises(ProblemError, match="stands twice"):
            parse_json(text.encode())
    else:
        assert parse_json(text.encode()) == json.loads(text)
