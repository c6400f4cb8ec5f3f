"""A lead with a page, the forms of that page, and what came of them."""

from collections.abc import Callable
from urllib.parse import quote

from httpx2 import Response
from starlette.testclient import TestClient

from features.store import Store
from features.store.outcomes import outcomes_of
from tests.serving.http.conftest import BASE_URL
from tests.serving.http.live_store.test_lead_reading import put

EVENTS = [
    {"event_id": "e-1", "type": "download", "occurred_at": "2026-02-27T10:00:00Z", "content": "guide <1>"},
    {"event_id": "e-2", "type": "page_view", "occurred_at": "2026-03-02T10:00:00Z", "content": "pricing"},
]

Send = Callable[..., Response]


def add_lead(crm: TestClient) -> None:
    """Hand a lead over that did this and that."""
    put(crm)
    events = [event | {"lead_id": "a"} for event in EVENTS]
    assert crm.post("/v1/events", json={"events": events}).json()["added"] == 2


def sender(sales: TestClient, form_token: Callable[[str], str]) -> Send:
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
