"""The page of a lead, and what is refused there: nothing here changes the store."""

from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from starlette.testclient import TestClient

from features.store import Store, open_store
from features.store.ledger import scores_of
from features.store.outcomes import useful_contents_of
from serving.access import Role
from serving.http.settings import ServiceSettings
from tests.serving.http.conftest import BASE_URL, Shared, sharing
from tests.serving.http.pages.lead_forms import Send, add_lead, decisions, sender


@pytest.fixture(scope="module")
def service(shared_settings: ServiceSettings) -> Iterator[Shared]:
    """Give a service with a lead that was handed over and did this and that."""
    with sharing(shared_settings) as shared:
        add_lead(shared.client(Role.CRM))
        yield shared


@pytest.fixture
def store(service: Shared) -> Iterator[Store]:
    """Give the service's store, to look into it."""
    with closing(open_store(service.settings.store_url)) as store:
        yield store


@pytest.fixture
def sales(service: Shared, log_in: Callable[..., object]) -> TestClient:
    """Give a salesperson's browser."""
    client = service.client()
    log_in(client, service.keys[Role.CRM])
    return client


@pytest.fixture
def send(sales: TestClient, form_token: Callable[[str], str]) -> Send:
    """Give what sends a form of the lead's page."""
    return sender(sales, form_token)


def test_it_tells_who_the_lead_is_what_happened_and_why_it_has_its_score(sales: TestClient) -> None:
    page = sales.get("/leads/a").text
    figures = sales.get("/v1/reports/lead?lead_id=a").json()
    newest = figures["steps"][0]
    assert f"<b>{newest['score']}</b>" in page
    for reason in figures["score"]["reasons"][:3]:
        assert reason["label"] in page
    for said in ("software", "120", "Ada", "guide &lt;1&gt;", "handed over to sales", "page view"):
        assert said in page


def test_reading_it_writes_nothing_into_the_ledger(sales: TestClient, store: Store) -> None:
    assert sales.get("/leads/a").status_code == 200
    with store.reading() as connection:
        assert len(scores_of(connection, "a")) == 1


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({}, "Choose what you decided."),
        ({"outcome": ""}, "Choose what you decided."),
        ({"outcome": "rejected"}, "Choose a reason"),
        ({"outcome": "rejected", "reason": "  "}, "Choose a reason"),
        ({"outcome": "sql", "first_touch_at": "2026-03-15T14:00"}, "lies in the future"),
        ({"outcome": "sql", "first_touch_at": "yesterday"}, "cannot be read"),
        ({"outcome": "sql", "first_touch_at": "0001-01-01T00:00"}, "cannot be read"),
    ],
)
def test_what_is_wrong_is_said_on_the_page_and_nothing_is_kept(
    send: Send, store: Store, form: dict[str, str], says: str
) -> None:
    answer = send(form)
    assert answer.status_code == 422
    assert says in answer.text
    assert decisions(store) == []


def test_what_was_chosen_stays_chosen(send: Send) -> None:
    page = send({"outcome": "recycled", "reason": "own <code>", "first_touch_at": "2026-03-16T10:00"}).text
    assert 'value="recycled" required checked' in page
    assert '<option value="own &lt;code&gt;" selected>own &lt;code&gt;</option>' in page
    assert 'value="2026-03-16T10:00"' in page


@pytest.mark.parametrize(
    ("to", "form"),
    [
        ("outcome", {"outcome": "unworked"}),
        ("outcome", {"outcome": "sql", "more": "1"}),
        ("outcome", {"outcome": "rejected", "reason": "x" * 501}),
        ("useful", {"useful-1": "x" * 501}),
        ("useful", {"useful-1": ""}),
        ("useful", {"content": "guide"}),
    ],
)
def test_what_no_page_sends_is_refused(send: Send, store: Store, to: str, form: dict[str, str]) -> None:
    assert send(form, to).status_code == 422
    with store.reading() as connection:
        assert (decisions(store), useful_contents_of(connection, "a")) == ([], [])


@pytest.mark.parametrize("to", ["outcome", "useful"])
def test_a_lead_that_is_not_there_gets_neither_page_nor_decision(sales: TestClient, send: Send, to: str) -> None:
    page = sales.get("/leads/nobody", headers={"Accept": "text/html"})
    assert (page.status_code, "There is no such lead" in page.text) == (404, True)
    assert send({"outcome": "sql"} if to == "outcome" else {}, to, "nobody").status_code == 404
    assert sales.get("/v1/reports/lead?lead_id=nobody").status_code == 404
    assert sales.get("/v1/reports/lead").status_code == 422


def test_others_than_sales_read_and_decide_nothing(
    sales: TestClient, service: Shared, log_in: Callable[..., object], store: Store
) -> None:
    sales.cookies.clear()
    log_in(sales, service.keys[Role.MARKETER])
    page = sales.get("/leads/a").text
    assert "guide &lt;1&gt;" in page
    assert "<fieldset>" not in page
    assert sales.post("/leads/a/outcome", data={"outcome": "sql"}, headers={"Origin": BASE_URL}).status_code == 403
    assert decisions(store) == []


def test_a_form_of_another_session_is_refused(sales: TestClient, store: Store) -> None:
    for headers in ({"Origin": BASE_URL}, {"Origin": "https://elsewhere.example"}):
        answer = sales.post("/leads/a/outcome", data={"outcome": "sql", "form_token": "x"}, headers=headers)
        assert answer.status_code == 403
    assert decisions(store) == []


def test_it_is_in_spanish(sales: TestClient) -> None:
    page = sales.get("/leads/a", headers={"Accept-Language": "es"}).text
    for said in ("Por qué esta puntuación", "Aceptarlo", "entregado a ventas", "sector: software"):
        assert said in page


def test_its_json_and_rows_are_of_the_scores(sales: TestClient) -> None:
    figures: dict[str, Any] = sales.get("/v1/reports/lead?lead_id=a").json()
    rows = sales.get("/v1/reports/lead?lead_id=a&format=csv").text.splitlines()
    assert len(rows) == 1 + len(figures["steps"]) == 2
    assert rows[0].startswith("as_of,recorded_at,trigger,at_hand_over,model_version,score,")
