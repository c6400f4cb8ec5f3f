"""The page of a lead, and what sales says there."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from features.store import Store, open_store
from features.store.leads import find_lead
from features.store.ledger import scores_of
from features.store.outcomes import outcomes_of, useful_contents_of
from serving.access import Role
from serving.http.settings import ServiceSettings
from tests.serving.http.conftest import BASE_URL, NOW
from tests.serving.http.live_store.test_lead_reading import put

NAMES = ["a", "L/2026/17", "señora 日本", "a?b#c%d", "x/outcome", "<script>"]
EVENTS = [
    {"event_id": "e-1", "type": "download", "occurred_at": "2026-02-27T10:00:00Z", "content": "guide <1>"},
    {"event_id": "e-2", "type": "page_view", "occurred_at": "2026-03-02T10:00:00Z", "content": "pricing"},
]


@pytest.fixture
def settings(settings: ServiceSettings, store_url: str) -> ServiceSettings:
    """Give settings that lead to an empty store of each kind in turn."""
    return replace(settings, store_url=store_url)


@pytest.fixture
def store(settings: ServiceSettings) -> Iterator[Store]:
    """Give the service's store, to look into it."""
    store = open_store(settings.store_url)
    yield store
    store.close()


@pytest.fixture
def client(
    published: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient]
) -> Iterator[TestClient]:
    """Give a CRM's client."""
    with client_of(published, keys[Role.CRM]) as client:
        yield client


@pytest.fixture
def sales(client: TestClient, keys: dict[Role, str], log_in: Callable[..., object]) -> TestClient:
    """Give a salesperson's browser at a service with a lead that was handed over and did this and that."""
    put(client)
    events = [event | {"lead_id": "a"} for event in EVENTS]
    assert client.post("/v1/events", json={"events": events}).json()["added"] == 2
    del client.headers["Authorization"]
    log_in(client, keys[Role.CRM])
    return client


@pytest.fixture
def send(sales: TestClient, form_token: Callable[[str], str]) -> Callable[..., Response]:
    """Give what sends a form of the lead's page."""

    def send(form: dict[str, str], to: str = "outcome", lead_id: str = "a") -> Response:
        token = form_token(sales.get("/leads/a").text)
        address = f"/leads/{quote(lead_id, safe='')}/{to}"
        return sales.post(
            address, data=form | {"form_token": token}, headers={"Origin": BASE_URL}, follow_redirects=False
        )

    return send


def decisions(store: Store, lead_id: str = "a") -> list[tuple[str, str | None]]:
    with store.reading() as connection:
        return [(each.outcome, each.reason) for each in outcomes_of(connection, lead_id)]


def test_it_tells_who_the_lead_is_what_happened_and_why_it_has_its_score(sales: TestClient) -> None:
    page = sales.get("/leads/a").text
    figures = sales.get("/v1/reports/lead?lead_id=a").json()
    newest = figures["steps"][0]
    assert f"<b>{newest['score']}</b>" in page
    for reason in figures["score"]["reasons"][:3]:
        assert reason["label"] in page
    for said in ("software", "120", "Ada", "guide &lt;1&gt;", "handed over to sales", "page view"):
        assert said in page


@pytest.mark.parametrize("lead_id", NAMES)
def test_every_id_has_its_page_and_its_forms(client: TestClient, store: Store, lead_id: str) -> None:
    put(client, lead_id)
    page = client.get(f"/leads/{quote(lead_id, safe='')}")
    assert page.status_code == 200
    assert f'action="/leads/{quote(lead_id, safe="")}/outcome"' in page.text
    sent = client.post(f"/leads/{quote(lead_id, safe='')}/outcome", data={"outcome": "sql"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/leads/{quote(lead_id, safe='')}?saved=decision")
    assert decisions(store, lead_id) == [("sql", None)]


def test_reading_it_writes_nothing_into_the_ledger(sales: TestClient, store: Store) -> None:
    assert sales.get("/leads/a").status_code == 200
    with store.reading() as connection:
        assert len(scores_of(connection, "a")) == 1


def test_a_rejection_is_kept_with_its_reason_and_counted_at_once(
    sales: TestClient, send: Callable[..., Response], store: Store
) -> None:
    assert send({"outcome": "rejected", "reason": "no need"}).headers["location"] == "/leads/a?saved=decision"
    assert decisions(store) == [("rejected", "no need")]
    page = sales.get("/leads/a?saved=decision").text
    assert "Your decision is saved." in page
    assert "rejected (no need)" in page
    assert sales.get("/v1/reports/leads?outcome=rejected&reason=no+need").json()["leads"] == 1
    assert sales.get("/v1/reports/worklist").json()["open_leads"] == 0


def test_the_newest_decision_counts_and_an_accepted_lead_needs_no_reason(
    sales: TestClient, send: Callable[..., Response], store: Store
) -> None:
    send({"outcome": "recycled", "reason": ""})
    send({"outcome": "sql", "reason": "role"})
    assert decisions(store) == [("recycled", None), ("sql", None)]
    assert "accepted" in sales.get("/leads/a").text


def test_a_first_contact_is_of_the_companys_clock(send: Callable[..., Response], store: Store) -> None:
    assert send({"outcome": "sql", "first_touch_at": "2026-03-10T09:30"}).status_code == 303
    with store.reading() as connection:
        lead = find_lead(connection, "a")
    assert lead is not None
    assert lead.first_touch_at is not None
    assert lead.first_touch_at.isoformat() == "2026-03-10T08:30:00+00:00"
    assert lead.decided_at == NOW


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
    send: Callable[..., Response], store: Store, form: dict[str, str], says: str
) -> None:
    answer = send(form)
    assert answer.status_code == 422
    assert says in answer.text
    assert decisions(store) == []


def test_what_was_chosen_stays_chosen(send: Callable[..., Response]) -> None:
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
def test_what_no_page_sends_is_refused(
    send: Callable[..., Response], store: Store, to: str, form: dict[str, str]
) -> None:
    assert send(form, to).status_code == 422
    with store.reading() as connection:
        assert (decisions(store), useful_contents_of(connection, "a")) == ([], [])


def test_useful_contents_are_marked_and_shown_so(
    sales: TestClient, send: Callable[..., Response], store: Store
) -> None:
    assert send({"useful-2": "guide <1>"}, "useful").headers["location"] == "/leads/a?saved=useful"
    assert send({}, "useful").status_code == 303
    with store.reading() as connection:
        assert useful_contents_of(connection, "a") == ["guide <1>"]
    page = sales.get("/leads/a").text
    assert 'value="guide &lt;1&gt;" checked disabled' in page
    assert page.count("marked as useful") == 1


@pytest.mark.parametrize("to", ["outcome", "useful"])
def test_a_lead_that_is_not_there_gets_neither_page_nor_decision(
    sales: TestClient, send: Callable[..., Response], to: str
) -> None:
    page = sales.get("/leads/nobody", headers={"Accept": "text/html"})
    assert (page.status_code, "There is no such lead" in page.text) == (404, True)
    assert send({"outcome": "sql"} if to == "outcome" else {}, to, "nobody").status_code == 404
    assert sales.get("/v1/reports/lead?lead_id=nobody").status_code == 404
    assert sales.get("/v1/reports/lead").status_code == 422


def test_others_than_sales_read_and_decide_nothing(
    sales: TestClient, keys: dict[Role, str], log_in: Callable[..., object], store: Store
) -> None:
    sales.cookies.clear()
    log_in(sales, keys[Role.MARKETER])
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


def test_a_lead_that_was_not_handed_over_has_no_form_and_no_score(client: TestClient) -> None:
    put(client, "b", handed_over_at=None)
    page = client.get("/leads/b").text
    assert "Not handed over to sales yet." in page
    assert "This lead has no score yet." in page
    assert "<fieldset>" not in page


def test_it_is_in_spanish(sales: TestClient) -> None:
    page = sales.get("/leads/a", headers={"Accept-Language": "es"}).text
    for said in ("Por qué esta puntuación", "Aceptarlo", "entregado a ventas", "sector: software"):
        assert said in page


def test_its_json_and_rows_are_of_the_scores(sales: TestClient) -> None:
    figures: dict[str, Any] = sales.get("/v1/reports/lead?lead_id=a").json()
    rows = sales.get("/v1/reports/lead?lead_id=a&format=csv").text.splitlines()
    assert len(rows) == 1 + len(figures["steps"]) == 2
    assert rows[0].startswith("as_of,recorded_at,trigger,at_hand_over,model_version,score,")
