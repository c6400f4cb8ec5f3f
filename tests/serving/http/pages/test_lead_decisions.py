"""What sales says on the page of a lead is kept."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from features.store import Store, open_store
from features.store.leads import find_lead
from features.store.outcomes import useful_contents_of
from serving.access import Role
from serving.http.settings import ServiceSettings
from tests.serving.http.conftest import NOW
from tests.serving.http.live_store.test_lead_reading import put
from tests.serving.http.pages.lead_forms import Send, add_lead, decisions, sender

NAMES = ["a", "L/2026/17", "señora 日本", "a?b#c%d", "x/outcome", "<script>"]


@pytest.fixture
def settings(settings: ServiceSettings, store_url: str) -> ServiceSettings:
    """Give settings that lead to an empty store of each kind in turn."""
    return replace(settings, store_url=store_url)


@pytest.fixture
def store(settings: ServiceSettings) -> Iterator[Store]:
    """Give the service's store, to look into it."""
    with closing(open_store(settings.store_url)) as store:
        yield store


@pytest.fixture
def client(open_client: TestClient, keys: dict[Role, str]) -> TestClient:
    """Give a CRM's client."""
    open_client.headers["Authorization"] = f"Bearer {keys[Role.CRM]}"
    return open_client


@pytest.fixture
def sales(client: TestClient, keys: dict[Role, str], log_in: Callable[..., object]) -> TestClient:
    """Give a salesperson's browser at a service with a lead that was handed over and did this and that."""
    add_lead(client)
    del client.headers["Authorization"]
    log_in(client, keys[Role.CRM])
    return client


@pytest.fixture
def send(sales: TestClient, form_token: Callable[[str], str]) -> Send:
    """Give what sends a form of the lead's page."""
    return sender(sales, form_token)


@pytest.mark.parametrize("lead_id", NAMES)
def test_every_id_has_its_page_and_its_forms(client: TestClient, store: Store, lead_id: str) -> None:
    put(client, lead_id)
    page = client.get(f"/leads/{quote(lead_id, safe='')}")
    assert page.status_code == 200
    assert f'action="/leads/{quote(lead_id, safe="")}/outcome"' in page.text
    sent = client.post(f"/leads/{quote(lead_id, safe='')}/outcome", data={"outcome": "sql"}, follow_redirects=False)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/leads/{quote(lead_id, safe='')}?saved=decision")
    assert decisions(store, lead_id) == [("sql", None)]


def test_a_rejection_is_kept_with_its_reason_and_counted_at_once(sales: TestClient, send: Send, store: Store) -> None:
    assert send({"outcome": "rejected", "reason": "no need"}).headers["location"] == "/leads/a?saved=decision"
    assert decisions(store) == [("rejected", "no need")]
    page = sales.get("/leads/a?saved=decision").text
    assert "Your decision is saved." in page
    assert "rejected (no need)" in page
    assert sales.get("/v1/reports/leads?outcome=rejected&reason=no+need").json()["leads"] == 1
    assert sales.get("/v1/reports/worklist").json()["open_leads"] == 0


def test_the_newest_decision_counts_and_an_accepted_lead_needs_no_reason(
    sales: TestClient, send: Send, store: Store
) -> None:
    send({"outcome": "recycled", "reason": ""})
    send({"outcome": "sql", "reason": "role"})
    assert decisions(store) == [("recycled", None), ("sql", None)]
    assert "accepted" in sales.get("/leads/a").text


def test_a_first_contact_is_of_the_companys_clock(send: Send, store: Store) -> None:
    assert send({"outcome": "sql", "first_touch_at": "2026-03-10T09:30"}).status_code == 303
    with store.reading() as connection:
        lead = find_lead(connection, "a")
    assert lead is not None
    assert lead.first_touch_at is not None
    assert lead.first_touch_at.isoformat() == "2026-03-10T08:30:00+00:00"
    assert lead.decided_at == NOW


def test_useful_contents_are_marked_and_shown_so(sales: TestClient, send: Send, store: Store) -> None:
    assert send({"useful-2": "guide <1>"}, "useful").headers["location"] == "/leads/a?saved=useful"
    assert send({}, "useful").status_code == 303
    with store.reading() as connection:
        assert useful_contents_of(connection, "a") == ["guide <1>"]
    page = sales.get("/leads/a").text
    assert 'value="guide &lt;1&gt;" checked disabled' in page
    assert page.count("marked as useful") == 1


def test_a_lead_that_was_not_handed_over_has_no_form_and_no_score(client: TestClient) -> None:
    put(client, "b", handed_over_at=None)
    page = client.get("/leads/b").text
    assert "Not handed over to sales yet." in page
    assert "This lead has no score yet." in page
    assert "<fieldset>" not in page
