"""What lies at and beyond the limits of bodies and addresses: refused as documented, never a failure of the service."""

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from starlette.testclient import TestClient

from serving.http.app import create_app
from serving.http.settings import ServiceSettings
from tests.faults.scale import Scale

LONE_SURROGATE = "\ud800"  # JSON can write it, UTF-8 cannot
SHORT_TEXTS = [
    "",
    "a",
    " ",
    "\0",
    "a\0b",
    LONE_SURROGATE,
    "é",
    "\u202e",
    "\x7f",
    "'; drop table leads; --",
    "%00",
    "\n",
]
LONG_TEXTS = [letter * length for letter in ("x", "é", "𝄞") for length in (64, 65, 100, 101, 200, 201, 500, 501)]
IDS = ["kept", "a", "a/b", "a/score", "/history", "..", "../a", "a?b", "a#b"]
NUMBERS = [0, -1, 2**31, 2**53 + 1, 2**63 - 1, 2**63, -(2**63) - 1, 10**400]
FLOATS = [-0.0, 0.1, 1e300, -1e308, 5e-324, float("inf"), float("nan")]
MOMENTS = [
    "2025-01-01T00:00:00Z",
    "2025-01-01T00:00:00.000001+14:00",
    "0001-01-01T00:00:00Z",
    "0001-01-01T00:00:00+14:00",
    "9999-12-31T23:59:59.999999Z",
    "9999-12-31T23:59:59-14:00",
    "1969-12-31T23:59:59Z",
    "2025-02-29T00:00:00Z",
    "2025-01-01T24:00:00Z",
    "2025-01-01T23:59:60Z",
    "2025-01-01",
    "2025-01-01T00:00:00",
    "-1",
    "٢٠٢٥-01-01T00:00:00Z",
]
OUTCOMES = ["sql", "rejected", "recycled", "unworked", "SQL"]

texts = st.sampled_from(SHORT_TEXTS + LONG_TEXTS)
ids = st.sampled_from(IDS) | texts
scalars = texts | st.sampled_from(NUMBERS) | st.sampled_from(FLOATS) | st.booleans() | st.none()
anything = scalars | st.sampled_from([[], {}, [[]], {"a": {"b": []}}, ["a"] * 101])
moments = st.sampled_from(MOMENTS)


def members(needed: dict[str, Any], optional: dict[str, Any]) -> st.SearchStrategy[dict[str, Any]]:
    """Give objects with usual members now and then, of any value otherwise, sometimes one that is not known."""
    whole = st.fixed_dictionaries(
        {name: values | anything for name, values in needed.items()},
        optional={name: values | anything for name, values in optional.items()} | {"more": anything},
    )
    return whole | st.fixed_dictionaries(needed, optional=optional)


names = st.sampled_from(["sector", "employees", "opted in", "created", "TotalVisits", "other"]) | texts
attributes = st.dictionaries(names, anything, max_size=6) | st.sampled_from(
    [{f"name-{at}": at for at in range(size)} for size in (500, 501)]
)
leads = members({"attributes": attributes}, {"handed_over_at": moments | st.none(), "owner": texts | st.none()})
event = members(
    {"event_id": texts, "lead_id": ids, "type": texts, "occurred_at": moments}, {"content": texts | st.none()}
)
many = st.builds(lambda one, size: {"events": [one] * size}, event, st.sampled_from([0, 1, 2, 1_000, 1_001]))
events = many | members({"events": st.lists(event, max_size=4)}, {})
outcomes = members(
    {"lead_id": ids, "outcome": st.sampled_from(OUTCOMES), "decided_at": moments},
    {
        "reason": texts | st.none(),
        "first_touch_at": moments | st.none(),
        "useful_content": st.lists(texts, max_size=3) | st.sampled_from([["x"] * 100, ["x"] * 101]),
    },
)
scored = members(
    {"lead_id": ids},
    {
        "attributes": attributes,
        "events": st.lists(members({"type": texts, "occurred_at": moments}, {"content": texts}), max_size=3),
        "as_of": moments | st.none(),
        "reasons": st.sampled_from([0, 100, 101, -1]),
    },
)
queries = st.dictionaries(
    st.sampled_from(["capacity", "owner", "sector", "attribute[x]", "segment", "reasons", "newest", "more"]),
    texts.filter(lambda text: len(text) < 1_000 and LONE_SURROGATE not in text)
    | st.sampled_from(["0", "1", "1000", "1001", "-1", "1e3", "9" * 30, "golden", "٣"]),
    max_size=3,
)


@pytest.fixture
def client(settings: ServiceSettings, secret: str) -> Iterator[TestClient]:
    """Give a CRM's client of a service in this process, with one lead."""
    bearer = {"Authorization": f"Bearer {secret}"}
    with TestClient(create_app(settings), headers=bearer, raise_server_exceptions=False) as client:
        assert client.put("/v1/leads/kept", json={"attributes": {"employees": 5}}).status_code == 201
        yield client


WRITES = [
    ("PUT", "/v1/leads/{lead_id}", leads),
    ("POST", "/v1/events", events),
    ("POST", "/v1/outcomes", outcomes),
    ("POST", "/v1/score", scored),
    ("POST", "/v1/score/batch", st.fixed_dictionaries({"leads": st.lists(scored, max_size=3) | anything})),
]


@pytest.mark.slow
@pytest.mark.parametrize(("method", "path", "bodies"), WRITES, ids=[path for _, path, _ in WRITES])
def test_a_body_at_the_limits_gets_a_documented_answer(
    client: TestClient, scale: Scale, method: str, path: str, bodies: st.SearchStrategy[Any]
) -> None:
    documented = _documented(client, method, path)

    @_examples(scale)
    @given(body=bodies, lead_id=ids)
    def check(body: Any, lead_id: str) -> None:
        address = path.format(lead_id=_encoded(lead_id))
        headers = {"Content-Type": "application/json"}
        answer = client.request(method, address, content=json.dumps(body), headers=headers)
        assert answer.status_code in documented, (address, body, answer.text)

    check()


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", ["/v1/leads/{lead_id}", "/v1/leads/{lead_id}/score", "/v1/leads/{lead_id}/history", "/v1/worklist"]
)
def test_a_question_at_the_limits_gets_a_documented_answer(client: TestClient, scale: Scale, path: str) -> None:
    documented = _documented(client, "GET", path)

    @_examples(scale)
    @given(asked=queries, lead_id=ids)
    def check(asked: dict[str, str], lead_id: str) -> None:
        address = path.format(lead_id=_encoded(lead_id))
        answer = client.get(address, params=asked)
        assert answer.status_code in documented, (address, asked, answer.text)

    check()


def _examples(scale: Scale) -> hypothesis_settings:
    return hypothesis_settings(
        max_examples=scale.bodies,
        deadline=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
        database=None,
    )


def _documented(client: TestClient, method: str, path: str) -> set[int]:
    """Give the statuses that the document promises for an address; those that say the service failed aside."""
    operation = client.get("/openapi.json").json()["paths"][path][method.lower()]
    return {int(status) for status in operation["responses"]} - {500, 503}


def _encoded(lead_id: str) -> str:
    return quote(lead_id, safe="", errors="surrogatepass")
