"""The model page is for everybody; only a scientist sees and sends the wish to roll back."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from features.store import open_store
from features.store.audit import newest_entries
from features.store.drift_reports import DriftReport, keep_drift
from features.store.model_requests import settle_request, take_request
from features.store.model_versions import ModelVersion, Status, keep_versions
from serving.access import Role
from serving.http.settings import ServiceSettings
from tests.serving.http.conftest import BASE_URL
from tests.serving.reports.test_model_report import CHANGES, DRIFT, QUALITY

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
BEFORE = NOW - timedelta(days=100)
Ask = Callable[..., Response]


@pytest.fixture
def client(published: ServiceSettings, client_of: Callable[..., TestClient]) -> Iterator[TestClient]:
    """Give a client without a key of its own."""
    with client_of(published) as client:
        yield client


@pytest.fixture
def told(settings: ServiceSettings) -> None:
    """Let the registry tell of two versions, and a comparison find something."""
    first = ModelVersion("1", BEFORE, Status.PREVIOUS, BEFORE, "ana", "it is the first model", {"roc_auc": 0.6})
    second = ModelVersion("2", NOW, Status.CHAMPION, NOW, "ben", "better <by far>", QUALITY, CHANGES)
    store = open_store(settings.store_url)
    with store.writing() as connection:
        keep_versions(connection, [first, second])
        keep_drift(connection, DriftReport(NOW, "2", "error", DRIFT))
    store.close()


@pytest.fixture
def scientist(client: TestClient, keys: dict[Role, str], log_in: Callable[..., object]) -> TestClient:
    """Give a browser in which a scientist is logged in."""
    log_in(client, keys[Role.SCIENTIST])
    return client


@pytest.fixture
def ask(scientist: TestClient, form_token: Callable[[str], str]) -> Ask:
    """Give what sends the form of the page."""

    def send(**fields: str) -> Response:
        token = form_token(scientist.get("/model").text)
        form = {"form_token": token, "champion": "2", "version": "1", "why": "complaints"} | fields
        headers = {"Origin": BASE_URL}
        return scientist.post("/model/rollback", data=form, headers=headers, follow_redirects=False)

    return send


@pytest.mark.usefixtures("told")
def test_everybody_reads_how_good_it_is_what_moves_a_score_what_changed_and_what_drifted(
    client: TestClient, keys: dict[Role, str], log_in: Callable[..., object]
) -> None:
    log_in(client, keys[Role.MARKETER])
    page = client.get("/model").text
    for said in (
        "What moves a score",
        "Fit: who the lead is",
        "What changed with version 2",
        "sector is “software” on 20.0% of the newest leads; it was on 60.0% of those learned from.",
        "better &lt;by far&gt;",
        "Of the 80 whose outcome is known, 20 became SQLs; their scores had promised 14.",
    ):
        assert said in page
    assert "/model/rollback" not in page


@pytest.mark.usefixtures("told")
def test_the_page_is_in_spanish_too(scientist: TestClient) -> None:
    page = scientist.get("/model", headers={"Accept-Language": "es"}).text
    assert "Qué mueve una puntuación" in page
    assert "Volver a la versión 1" in page
    assert "sector es «software» en el 20,0\xa0% de los leads más recientes" in page


def test_a_service_without_versions_and_comparisons_says_what_is_missing(scientist: TestClient) -> None:
    page = scientist.get("/model").text
    assert "The registry has not told its versions yet" in page
    assert "were not compared with those the model learned from yet" in page


def test_a_service_without_a_model_says_so(
    settings: ServiceSettings, client_of: Callable[..., TestClient], keys: dict[Role, str]
) -> None:
    with client_of(settings, keys[Role.SCIENTIST]) as client:
        assert "No model is in service yet." in client.get("/model").text
        assert client.get("/v1/reports/model").json()["model"] is None


@pytest.mark.usefixtures("told")
def test_a_scientist_asks_to_roll_back_and_sees_what_became_of_it(
    scientist: TestClient, ask: Ask, settings: ServiceSettings
) -> None:
    answer = ask()
    assert (answer.status_code, answer.headers["location"]) == (303, "/model#versions")
    page = scientist.get("/model").text
    assert "the scientist asked to go back to version 1; it is being done." in page
    assert 'action="/model/rollback"' not in page
    store = open_store(settings.store_url)
    with store.writing() as connection:
        entry = newest_entries(connection, 1)[0]
        request = take_request(connection, NOW)
        assert request is not None
        settle_request(connection, request.id, NOW, "the registry is away")
    store.close()
    assert (entry.action, entry.subject, entry.detail) == ("rollback asked for", "version 1", "complaints")
    assert entry.who == request.who
    page = scientist.get("/model").text
    assert "It was not done: the registry is away." in page
    assert 'action="/model/rollback"' in page


@pytest.mark.usefixtures("told")
@pytest.mark.parametrize("fields", [{"champion": "3"}, {"version": "2"}])
def test_a_wish_that_the_page_would_not_offer_now_is_refused(
    scientist: TestClient, ask: Ask, fields: dict[str, str]
) -> None:
    answer = ask(**fields)
    assert answer.status_code == 409
    assert "look at it again, and ask anew" in answer.text
    assert "being done" not in scientist.get("/model").text


@pytest.mark.usefixtures("told")
def test_the_report_is_there_as_json_and_csv(client: TestClient, keys: dict[Role, str]) -> None:
    key = {"Authorization": f"Bearer {keys[Role.CRM]}"}
    report = client.get("/v1/reports/model", headers=key).json()
    assert report["model"]["version"] == "1"
    assert [each["status"] for each in report["versions"]] == ["champion", "previous"]
    assert report["drift"]["found"][0]["title"] == "sector"
    lines = client.get("/v1/reports/model?format=csv", headers=key).text.splitlines()
    assert lines[0] == "feature,label,side,value,leads,sqls,rate,rate_low,rate_high,points"
    assert len(lines) > 10
