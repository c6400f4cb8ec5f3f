"""The page on contents follows what the CRM sends, and is filtered by its address."""

import pytest
from starlette.testclient import TestClient

from serving.access import Role


@pytest.fixture
def sent(client: TestClient, keys: dict[Role, str]) -> None:
    """Let a CRM send a lead that took a guide, whose sale found a webinar useful."""
    key = {"Authorization": f"Bearer {keys[Role.CRM]}"}
    lead = {"attributes": {"sector": "software"}}
    event = {
        "event_id": "e1",
        "lead_id": "42",
        "type": "download",
        "occurred_at": "2026-03-01T10:00:00Z",
        "content": "guide-3",
    }
    outcome = {
        "lead_id": "42",
        "outcome": "rejected",
        "decided_at": "2026-03-10T10:00:00Z",
        "useful_content": ["webinar-1"],
    }
    assert client.put("/v1/leads/42", json=lead, headers=key).status_code == 201
    assert client.post("/v1/events", json={"events": [event]}, headers=key).status_code == 200
    handed_over = lead | {"handed_over_at": "2026-03-05T10:00:00Z"}
    assert client.put("/v1/leads/42", json=handed_over, headers=key).status_code == 200
    assert client.post("/v1/outcomes", json=outcome, headers=key).status_code in {200, 201}


@pytest.mark.usefixtures("sent")
def test_the_page_shows_what_leads_took_and_what_sales_found_useful(marketer: TestClient) -> None:
    page = marketer.get("/content").text
    assert '<th scope="row">guide-3<small>download</small></th>' in page
    assert '<th scope="row">webinar-1</th>' in page
    assert "There are too few leads to compare yet" in page
    assert 'href="/v1/reports/content?format=csv"' in page


@pytest.mark.usefixtures("sent")
def test_an_address_asks_for_leads_and_for_a_kind_of_content(marketer: TestClient) -> None:
    assert "No lead was handed over in this period." in marketer.get("/content?until=2026-01-31").text
    page = marketer.get("/content?kind=webinar&sector=software").text
    assert "guide-3" not in page
    assert '<option value="webinar" selected>webinar</option>' in page
    assert 'href="/v1/reports/content?sector=software&amp;kind=webinar&amp;format=csv"' in page


@pytest.mark.usefixtures("sent")
def test_the_report_is_there_as_json_and_csv(client: TestClient, keys: dict[Role, str]) -> None:
    key = {"Authorization": f"Bearer {keys[Role.SCIENTIST]}"}
    found = client.get("/v1/reports/content", headers=key).json()
    assert [(each["content"], each["leads"], each["useful"]) for each in found["contents"]] == [
        ("guide-3", 1, 0),
        ("webinar-1", 0, 1),
    ]
    rows = client.get("/v1/reports/content?format=csv&kind=download", headers=key).text.splitlines()
    assert [row.split(",")[0] for row in rows] == ["content", "guide-3"]


def test_an_empty_store_has_a_page(marketer: TestClient) -> None:
    answer = marketer.get("/content")
    assert (answer.status_code, "No lead was handed over" in answer.text) == (200, True)
