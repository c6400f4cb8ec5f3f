"""The worklist as a page."""

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from serving.access import Role
from serving.http.settings import ServiceSettings
from tests.serving.http.conftest import Shared, sharing
from tests.serving.http.live_store.test_lead_reading import put

SECTORS = ["software", "retail", "health", "software", "retail", "a<b>&"]


@pytest.fixture(scope="module")
def listing(shared_embedded: ServiceSettings) -> Iterator[Shared]:
    """Give a service with six open leads."""
    with sharing(replace(shared_embedded, exploration=0.5)) as shared:
        crm = shared.client(Role.CRM)
        for lead_id, sector in zip(["a/1", "b", "c", "d", "e", "f"], SECTORS, strict=True):
            put(crm, lead_id, attributes={"sector": sector, "employees": 10 * len(sector)}, owner="Ada <A>")
        yield shared


@pytest.fixture
def client(listing: Shared, log_in: Callable[..., object]) -> TestClient:
    """Give a marketer's browser at the service with six open leads."""
    client = listing.client()
    log_in(client, listing.keys[Role.MARKETER])
    return client


def leads_on(page: str) -> list[str]:
    return re.findall(r'<a href="/leads/([^"]+)">', page)


def test_it_lists_the_open_leads_each_with_its_page_its_score_and_why(client: TestClient) -> None:
    page = client.get("/worklist").text
    assert set(leads_on(page)) == {"a%2F1", "b", "c", "d", "e", "f"}
    listed = client.get("/v1/reports/worklist").json()["leads"]
    assert leads_on(page)[-1] == listed[-1]["lead_id"]
    assert f"<b>{listed[0]['score']}</b>" in page
    assert listed[0]["reasons"][0]["label"] in page
    assert "Ada &lt;A&gt;" in page
    assert "drawn by lot" not in page


def test_a_lead_that_the_lot_chose_is_marked_in_words(client: TestClient) -> None:
    listed = client.get("/v1/reports/worklist?capacity=4").json()["leads"]
    assert any(each["exploration"] for each in listed)
    page = client.get("/worklist?capacity=4").text
    assert page.count('<span class="pill">drawn by lot</span>') == sum(each["exploration"] for each in listed)


def test_the_capacity_changes_what_is_listed_and_what_it_is_worth(client: TestClient) -> None:
    page, figures = client.get("/worklist?capacity=2").text, client.get("/v1/reports/worklist?capacity=2").json()
    assert len(leads_on(page)) == len(figures["leads"]) == 2
    assert f"<b>{figures['expected_sqls']:.1f}</b>" in page
    assert f"<b>{figures['share_of_sqls']:.0%}</b>" in page
    assert 'href="/worklist?capacity=25"' in page


def test_filters_stay_in_the_form_and_in_every_link(client: TestClient) -> None:
    page = client.get("/worklist", params={"sector": "a<b>&", "capacity": 10, "segment": "", "fit_grade": ""}).text
    assert leads_on(page) == ["f"]
    assert "<option selected>a&lt;b&gt;&amp;</option>" in page
    assert 'href="/worklist?sector=a%3Cb%3E%26&amp;capacity=25"' in page
    assert 'href="/v1/reports/worklist?sector=a%3Cb%3E%26&amp;capacity=10&amp;format=csv"' in page


def test_the_list_is_there_for_a_spreadsheet(client: TestClient) -> None:
    answer = client.get("/v1/reports/worklist?format=csv&owner=Ada+%3CA%3E")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [row["place"] for row in rows] == ["1", "2", "3", "4", "5", "6"]
    assert {row["owner"] for row in rows} == {"Ada <A>"}


def test_it_is_in_spanish_with_reasons_and_numbers(client: TestClient) -> None:
    page = client.get("/worklist?capacity=2", headers={"Accept-Language": "es"}).text
    figures = client.get("/v1/reports/worklist?capacity=2").json()
    assert "SQL que cabe esperar" in page
    assert f"<b>{figures['expected_sqls']:.1f}</b>".replace(".", ",") in page
    assert "employees: 80" in page or "sector: " in page
    assert "sector is" not in page


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("sector=mining", "No open lead is left by these filters."),
        ("fit_grade=A&engagement_grade=4&sector=mining", "No open lead is left by these filters."),
    ],
)
def test_an_empty_list_says_why(client: TestClient, query: str, says: str) -> None:
    assert says in client.get(f"/worklist?{query}").text


def test_an_empty_store_has_an_empty_page(
    published: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient]
) -> None:
    with client_of(published, keys[Role.SCIENTIST]) as client:
        page = client.get("/worklist")
    assert (page.status_code, "No lead waits for sales." in page.text) == (200, True)


@pytest.mark.parametrize(
    "query", ["capacity=0", "capacity=", "capacity=1001", "segment=gold", "fit_grade=E", "colour=red"]
)
def test_a_wrong_question_is_a_422(client: TestClient, query: str) -> None:
    assert client.get(f"/worklist?{query}").status_code == 422
    assert client.get(f"/v1/reports/worklist?{query}").status_code == 422
