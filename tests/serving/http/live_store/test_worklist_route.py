"""The worklist over HTTP."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving.access import Role
from serving.http.settings import ServiceSettings
from tests.serving.http.conftest import Shared, sharing
from tests.serving.http.live_store.test_lead_reading import put

SECTORS = ["software", "retail", "health", "software", "retail", "health"]


@pytest.fixture(scope="module")
def service(shared_settings: ServiceSettings) -> Iterator[Shared]:
    """Give a service with six open leads, a to f, and no places for the lot."""
    with sharing(replace(shared_settings, exploration=0.0)) as shared:
        fill(shared.client(Role.CRM))
        yield shared


@pytest.fixture
def listing(service: Shared) -> TestClient:
    """Give a CRM's client of the service with six open leads."""
    return service.client(Role.CRM)


def fill(client: TestClient) -> None:
    for lead_id, sector in zip("abcdef", SECTORS, strict=True):
        attributes = {"sector": sector, "source": "fair", "employees": 10 * ord(lead_id)}
        put(client, lead_id, attributes=attributes, owner="Ada" if lead_id < "d" else "Bo")


def worklist(client: TestClient, **query: Any) -> dict[str, Any]:
    answer = client.get("/v1/worklist", params=query)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def ids(found: dict[str, Any]) -> list[str]:
    return [each["lead_id"] for each in found["leads"]]


def test_it_ranks_by_the_ledger_and_says_what_it_is_worth(listing: TestClient) -> None:
    found = worklist(listing, capacity=2)
    every = worklist(listing)["leads"]
    chances = [each["probability"] for each in every]
    assert chances == sorted(chances, reverse=True)
    assert found["leads"] == every[:2]
    assert found["expected_sqls"] == pytest.approx(sum(chances[:2]))
    assert found["share_of_sqls"] == pytest.approx(sum(chances[:2]) / sum(chances))
    assert (found["open_leads"], found["unscored"]) == (6, 0)


def test_a_listed_lead_has_its_score_reasons_owner_and_age(listing: TestClient) -> None:
    found = next(each for each in worklist(listing)["leads"] if each["lead_id"] == "a")
    (score,) = listing.get("/v1/leads/a/history").json()["scores"]
    del score["change"]
    own = {"lead_id": "a", "owner": "Ada", "handed_over_at": "2026-03-01T12:00:00Z", "age_days": 14.0, "due_at": None}
    assert found == own | {"exploration": False, "first_touch_at": None} | score
    assert found["reasons"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"owner": "Bo"}, {"d", "e", "f"}),
        ({"sector": "retail"}, {"b", "e"}),
        ({"source": "fair", "owner": "Ada"}, {"a", "b", "c"}),
        ({"source": "web"}, set()),
        ({"attribute[employees]": "970"}, {"a"}),
        ({"attribute[sector]": "health", "attribute[source]": "fair"}, {"c", "f"}),
    ],
)
def test_it_is_filtered(listing: TestClient, query: dict[str, str], expected: set[str]) -> None:
    assert set(ids(worklist(listing, **query))) == expected


def test_grades_and_segments_part_the_list(listing: TestClient) -> None:
    for name, values in (("fit_grade", "ABCD"), ("engagement_grade", "1234")):
        parts = [worklist(listing, **{name: value})["open_leads"] for value in values]
        assert sum(parts) == 6
    segments = [worklist(listing, segment=each)["open_leads"] for each in ("golden", "nurture", "curious", "park")]
    assert sum(segments) == 6


def test_a_decided_lead_leaves_the_list(client: TestClient) -> None:
    fill(client)
    body = {"lead_id": "a", "outcome": "sql", "decided_at": "2026-03-02T10:00:00Z"}
    assert client.post("/v1/outcomes", json=body).status_code == 200
    assert set(ids(worklist(client))) == set("bcdef")


def test_the_configured_share_of_places_is_drawn_by_lot(
    service: Shared, client_of: Callable[..., TestClient], listing: TestClient
) -> None:
    assert not any(each["exploration"] for each in worklist(listing)["leads"])
    with client_of(replace(service.settings, exploration=0.5), service.keys[Role.MARKETER]) as client:
        found = worklist(client, capacity=4)
    assert found["exploration"] == 0.5
    assert [each["exploration"] for each in found["leads"]][:2] == [False, False]
    assert any(each["exploration"] for each in found["leads"])


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("capacity=0", "query/capacity"),
        ("capacity=1001", "query/capacity"),
        ("capacity=x", "query/capacity"),
        ("fit_grade=E", "query/fit_grade"),
        ("segment=gold", "query/segment"),
        ("owner=", "query/owner"),
        ("colour=red", "query/colour"),
        ("attribute=red", "query/attribute"),
        ("attribute[]=red", "query/attribute"),
        ("owner[x]=red", "query/owner"),
        ("owner=a%00b", "query"),
    ],
)
def test_a_wrong_question_is_a_422_that_names_it(listing: TestClient, query: str, pointer: str) -> None:
    answer = listing.get(f"/v1/worklist?{query}")
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
