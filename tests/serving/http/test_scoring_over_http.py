"""What a CRM gets for a lead, and for many."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter
from starlette.testclient import TestClient

from features.lead import Event, Lead
from serving.http.answers import BatchAnswer, ModelAnswer, ScoreAnswer
from serving.http.settings import ServiceSettings
from serving.model.bundle import read_bundle

MakeLead = Callable[..., dict[str, Any]]


@pytest.fixture
def client(reader: TestClient) -> TestClient:
    """Give a client of the shared service: nothing here changes what it holds."""
    return reader


def test_the_answer_is_the_models_own_score(client: TestClient, lead: MakeLead, bundle: Path, now: datetime) -> None:
    model = read_bundle(bundle, "1")
    event = Event("download", datetime.fromisoformat("2026-03-01T10:00:00+00:00"), "guide-3")
    expected = model.score_lead(Lead({"sector": "software", "employees": 120.0}, [event], now), 3).to_json()
    answer = client.post("/v1/score", json=lead())
    assert answer.status_code == 200
    ends = {"lead_id": "42", "model_version": "1", "as_of": "2026-03-15T12:00:00Z"}
    assert answer.json() == expected | ends


def test_sides_add_up_and_all_reasons_of_a_side_add_up_to_it(client: TestClient, lead: MakeLead) -> None:
    answer = client.post("/v1/score", json=lead(reasons=100)).json()
    sides = {"fit": answer["fit"]["points"], "engagement": answer["engagement"]["points"]}
    assert sum(sides.values()) == pytest.approx(answer["points"], abs=1e-9)
    for side, points in sides.items():
        own = [reason["points"] for reason in answer["reasons"] if reason["side"] == side]
        assert sum(own) == pytest.approx(points, abs=1e-6)


@pytest.mark.parametrize("reasons", [0, 1, 5])
def test_as_many_reasons_are_given_as_were_asked_for(client: TestClient, lead: MakeLead, reasons: int) -> None:
    assert len(client.post("/v1/score", json=lead(reasons=reasons)).json()["reasons"]) == reasons


def test_a_lead_of_which_nothing_is_known_is_scored(client: TestClient) -> None:
    answer = client.post("/v1/score", json={"lead_id": "nobody"})
    assert answer.status_code == 200
    ScoreAnswer.model_validate(answer.json())


def test_the_model_says_what_to_send(client: TestClient) -> None:
    answer = client.get("/v1/model").json()
    ModelAnswer.model_validate(answer)
    assert (answer["version"], answer["horizon_days"], answer["event_types"]) == ("1", 90, ["download", "page_view"])
    kinds = {each["name"]: (each["kind"], each["side"], each["levels"]) for each in answer["attributes"]}
    assert kinds["sector"] == ("category", "fit", ["software", "retail", "health"])
    assert kinds["employees"] == ("number", "fit", None)
    assert kinds["opted in"] == ("flag", "fit", None)
    assert kinds["created"] == ("date", "fit", None)


def test_a_batch_is_answered_in_order_and_a_bad_lead_gets_its_problem_in_place(
    client: TestClient, lead: MakeLead
) -> None:
    bad = lead(lead_id="bad", attributes={"sectr": "software"})
    answer = client.post("/v1/score/batch", json={"leads": [lead(lead_id="1"), bad, 7, lead(lead_id="2")]})
    assert answer.status_code == 200
    TypeAdapter(BatchAnswer).validate_python(answer.json())
    first, refused, nothing, second = answer.json()["results"]
    assert (first["lead_id"], second["lead_id"]) == ("1", "2")
    assert (refused["lead_id"], refused["status"]) == ("bad", 422)
    assert refused["errors"] == [
        {"pointer": "#/attributes/sectr", "detail": "is not an attribute of the model; did you mean 'sector'?"}
    ]
    assert nothing["errors"] == [{"pointer": "#", "detail": "must be an object with a lead, not 7"}]


def test_a_lead_scores_the_same_alone_and_in_a_batch(client: TestClient, lead: MakeLead) -> None:
    alone = client.post("/v1/score", json=lead()).json()
    assert client.post("/v1/score/batch", json={"leads": [lead()]}).json()["results"] == [alone]


@pytest.mark.parametrize(
    ("body", "pointer", "says"),
    [
        ([], "#", "must be an object with leads, not a list"),
        ({}, "#/leads", "is missing; send it"),
        ({"leads": 3}, "#/leads", "must be a list of leads, not 3"),
        ({"leads": [], "lead": 1}, "#/lead", "is not known here; did you mean 'leads'?"),
        ({"leads": [{}] * 1_001}, "#/leads", "has 1001 leads; send at most 1000 at a time"),
    ],
)
def test_a_batch_without_a_list_of_leads_is_refused_whole(
    client: TestClient, body: Any, pointer: str, says: str
) -> None:
    answer = client.post("/v1/score/batch", json=body)
    assert answer.status_code == 422
    assert answer.json()["errors"] == [{"pointer": pointer, "detail": says}]


def test_an_empty_batch_has_no_results(client: TestClient) -> None:
    assert client.post("/v1/score/batch", json={"leads": []}).json() == {"results": [], "model_version": "1"}


def test_a_thousand_leads_are_scored_at_once(client: TestClient, lead: MakeLead) -> None:
    leads = [lead(lead_id=str(number)) for number in range(1_000)]
    results = client.post("/v1/score/batch", json={"leads": leads}).json()["results"]
    assert [each["lead_id"] for each in results] == [str(number) for number in range(1_000)]


def test_a_large_lead_scores_as_a_small_one_does(client: TestClient, lead: MakeLead) -> None:
    events = [
        {"type": "page_view", "occurred_at": "2026-03-01T10:00:00Z", "content": f"page-{n}"} for n in range(5_000)
    ]
    answer = client.post("/v1/score", json=lead(events=events))
    assert (answer.status_code, answer.json()["lead_id"]) == (200, "42")


def test_without_a_model_the_service_says_so_and_what_to_do(
    settings: ServiceSettings, keys: dict[str, str], client_of: Callable[..., TestClient], lead: MakeLead
) -> None:
    with client_of(settings, keys["crm"]) as client:
        answer = client.post("/v1/score", json=lead())
        assert (answer.status_code, answer.json()["title"]) == (503, "There is no model to score with")
        assert "train one with `leadsift train`" in answer.json()["detail"]
        assert answer.headers["retry-after"] == "1"
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").json() == {"status": "up"}
