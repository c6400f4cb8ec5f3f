"""The page of the agreement and its list of breaches, as people and as programs get them."""

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlencode

import pytest
from starlette.testclient import TestClient

from features.config import Sla
from features.store import open_store
from serving.access import Role
from serving.http.settings import ServiceSettings
from tests.serving.http.conftest import Shared, sharing
from tests.serving.reports.delivered_leads import NOW, RULES, fill, make_leads, rules_of


@pytest.fixture(scope="module")
def delivered(shared_embedded: ServiceSettings, now: datetime) -> Iterator[Shared]:
    """Give a service with half a year of deliveries."""
    shift = now - NOW  # the service's clock
    sample = [
        replace(
            each,
            handed_over_at=each.handed_over_at + shift,
            engaged_at=None if each.engaged_at is None else each.engaged_at + shift,
            touched_at=None if each.touched_at is None else each.touched_at + shift,
            decisions=tuple((outcome, at + shift) for outcome, at in each.decisions),
        )
        for each in make_leads(300, seed=2)
    ]
    with closing(open_store(shared_embedded.store_url)) as store:
        fill(store, sample)
    with sharing(replace(shared_embedded, fact_rules=RULES)) as shared:
        yield shared


@pytest.fixture
def client(delivered: Shared) -> TestClient:
    """Give a marketer's client of the service with half a year of deliveries."""
    return delivered.client(Role.MARKETER)


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("Agreement", "22 leads a week", "Week by week", "Volume")), ("es", ("Acuerdo", "22 leads por semana"))],
)
def test_the_page_says_what_was_agreed_and_what_came_of_it(
    client: TestClient, language: str, words: tuple[str, ...]
) -> None:
    page = client.get("/agreement", headers={"Accept-Language": language})
    assert page.status_code == 200
    for word in words:
        assert word in page.text
    figures = client.get("/v1/reports/agreement").json()
    waiting = figures["total"]["waiting"]
    assert f"<b>{waiting}</b>" in page.text
    assert page.text.count('<script type="application/json"') == 2


def test_the_list_leads_to_each_lead_and_from_page_to_page(client: TestClient) -> None:
    first = client.get("/agreement/breaches?state=waiting&rows=10").text
    listed = client.get("/v1/reports/breaches?state=waiting&rows=10").json()
    for each in listed["listed"]:
        assert f'href="/leads/{each["lead_id"]}"' in first
    assert 'rel="next"' in first
    assert 'rel="prev"' not in first
    assert '<option value="waiting" selected>' in first


def test_pages_of_a_list_keep_what_was_asked(client: TestClient) -> None:
    page = client.get("/agreement/breaches?state=late&owner=Ada&rows=2&page=2").text
    asked = urlencode({"owner": "Ada", "state": "late", "page": 3, "rows": 2}).replace("&", "&amp;")
    assert f"/agreement/breaches?{asked}" in page


def test_both_reports_are_there_as_csv(client: TestClient) -> None:
    agreement = client.get("/v1/reports/agreement?format=csv&source=ads")
    rows = list(csv.DictReader(io.StringIO(agreement.text)))
    assert {row["of"] for row in rows} == {"week", "owner"}
    assert {row["promised"] for row in rows} == {""}
    breaches = client.get("/v1/reports/breaches?format=csv&rows=1000").text
    total = client.get("/v1/reports/breaches").json()["breaches"]
    assert len(breaches.splitlines()) == 1 + total


def test_parts_of_the_leads_are_not_held_against_the_promised_number(client: TestClient) -> None:
    said = "The promised number is of all of them"
    assert said in client.get("/agreement?owner=Ada").text
    assert said not in client.get("/agreement?since=2026-01-01").text


@pytest.mark.parametrize("asked", ["state=gone", "page=0", "rows=1001", "since=yesterday", "colour=red"])
def test_what_cannot_be_asked_is_refused(client: TestClient, asked: str) -> None:
    answer = client.get(f"/agreement/breaches?{asked}")
    assert answer.status_code == 422
    assert client.get(f"/v1/reports/breaches?{asked}").status_code == 422


def test_without_an_agreement_the_page_says_how_to_write_one(
    published: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient]
) -> None:
    with client_of(replace(published, fact_rules=rules_of(Sla())), keys[Role.CRM]) as client:
        page = client.get("/agreement").text
    assert "weekly_leads = 50" in page
    assert "No lead was delivered in this time." in page
