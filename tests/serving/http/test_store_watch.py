"""The service knows whether its store is up, says so, and shows what is in it."""

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from starlette.testclient import TestClient
from structlog.testing import capture_logs

from features.errors import StoreError
from features.store import Store, open_store
from features.store.leads import put_lead
from features.store.ledger import add_score
from features.store.outbox import Announcement, announce
from features.store.rescores import begin_rescore, keep_rescore
from features.topics import Subscriber, Topic
from serving.http.settings import ServiceSettings
from serving.http.store_watch import STALE_S, StoreWatch
from serving.published import note_look
from tests.features.store.test_ledger import A_SCORE
from tests.serving.http.conftest import NOW
from tests.serving.http.processes import ROOT

CRM = Subscriber("crm", frozenset(Topic))
MINUTE = timedelta(minutes=1)


@pytest.fixture
def store(settings: ServiceSettings) -> Iterator[Store]:
    """Give the service's store."""
    store = open_store(settings.store_url)
    yield store
    store.close()


@pytest.fixture
def breaks(store: Store, monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Give what lets reading the store fail, and lets it work again."""
    works = store.reading

    def down() -> Any:
        raise StoreError("it is away")

    return lambda is_down: monkeypatch.setattr(store, "reading", down if is_down else works)


def figures(watch: StoreWatch) -> dict[str, float]:
    return {figure.name: figure.value for figure in watch.figures()}


def looked(client: TestClient) -> None:
    """See to it that the service has looked at its store, however slow the machine is."""
    app: Any = client.app
    app.state.service.store_watch.look()


def fill(store: Store) -> None:
    with store.writing() as connection:
        for at in (NOW - MINUTE, NOW):
            announce(connection, [CRM], [Announcement(Topic.MODEL_PROMOTED, {})], at)
        put_lead(connection, A_SCORE.lead_id, {}, handed_over_at=None, owner=None, now=NOW)
        add_score(connection, replace(A_SCORE, recorded_at=NOW - 3 * MINUTE))
        run = begin_rescore(connection, "1", NOW - 3 * MINUTE)
        keep_rescore(connection, run, finished_at=NOW - 2 * MINUTE)


def test_metrics_show_what_is_in_the_store(
    store: Store, settings: ServiceSettings, client_of: Callable[..., TestClient]
) -> None:
    fill(store)
    with client_of(settings) as client:
        looked(client)
        lines = client.get("/metrics").text.splitlines()
    assert {
        "leadsift_store_up 1.0",
        "leadsift_webhooks_waiting 2.0",
        "leadsift_webhooks_oldest_waiting_seconds 60.0",
        "leadsift_webhooks_given_up 0.0",
        "leadsift_rescore_age_seconds 120.0",
        "leadsift_ledger_newest_row 1.0",
        "leadsift_ledger_age_seconds 180.0",
    } <= set(lines)


def test_of_a_store_where_nothing_happened_yet_only_what_there_is_is_shown(store: Store) -> None:
    watch = StoreWatch(store, lambda: NOW)
    watch.look()
    assert figures(watch) == {
        "leadsift_store_up": 1,
        "leadsift_webhooks_waiting": 0,
        "leadsift_webhooks_oldest_waiting_seconds": 0,
        "leadsift_webhooks_given_up": 0,
    }


def test_that_the_store_went_down_and_came_back_is_said_once_each(store: Store, breaks: Callable[[bool], None]) -> None:
    watch = StoreWatch(store, lambda: NOW)
    with capture_logs() as lines:
        for is_down in (False, True, True, False, False):
            breaks(is_down)
            watch.look()
            assert watch.is_up is not is_down
            assert figures(watch)["leadsift_store_up"] == (not is_down)
    assert [(line["event"], line["log_level"], line.get("why")) for line in lines] == [
        ("store down", "error", "it is away"),
        ("store up again", "info", None),
    ]


def test_a_store_that_is_silent_counts_as_down(store: Store) -> None:
    clock = [0.0]
    watch = StoreWatch(store, lambda: NOW, lambda: clock[0])
    watch.look()
    seen = []
    for clock[0] in (STALE_S - 1, STALE_S):
        seen.append((watch.is_up, figures(watch)["leadsift_store_up"], len(figures(watch))))
    assert seen == [(True, 1, 4), (False, 0, 1)]


def test_a_watch_can_be_started_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("serving.http.store_watch.FIRST_LOOK_S", 60.0)
    watch = StoreWatch(store, lambda: NOW)
    for _ in range(2):
        watch.start()
        assert watch.is_up
        watch.stop()


def test_without_the_store_it_is_ready_to_score_and_says_so_and_other_metrics_stay(
    published: ServiceSettings, client_of: Callable[..., TestClient], monkeypatch: pytest.MonkeyPatch
) -> None:
    def down(_: Store) -> Any:
        raise StoreError("down")

    monkeypatch.setattr(Store, "reading", down)
    with client_of(published) as client:
        ready, page = client.get("/readyz"), client.get("/metrics").text.splitlines()
    assert (ready.status_code, ready.json()["store"]) == (200, "down")
    assert "leadsift_store_up 0.0" in page
    assert any(line.startswith("leadsift_requests_total") for line in page)
    assert not any("webhooks" in line for line in page)


def test_why_the_store_failed_a_request_is_in_the_log_alone(
    published: ServiceSettings,
    keys: dict[Any, str],
    client_of: Callable[..., TestClient],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def down(_: Store) -> Any:
        raise StoreError("the disk is full")

    with client_of(published, keys["crm"]) as client:
        client.get("/v1/model")  # the key is known from now on
        monkeypatch.setattr(Store, "writing", down)
        with capture_logs() as lines:
            answer = client.put("/v1/leads/a", json={"attributes": {}})
    assert answer.status_code == 503
    assert "disk" not in answer.text
    (why,) = (line for line in lines if line["event"] == "store not usable")
    assert (why["why"], why["request_id"]) == ("the disk is full", answer.json()["request_id"])


@pytest.mark.parametrize("page", ["docs/operations.md", "examples/operations/alerts.yml"])
def test_every_metric_that_the_docs_and_alerts_name_is_there(
    store: Store, published_apart: ServiceSettings, client_of: Callable[..., TestClient], page: str
) -> None:
    fill(store)
    note_look(published_apart.published)
    with client_of(published_apart) as client:
        looked(client)
        shown = client.get("/metrics").text
    there = set(re.findall(r"^# TYPE (\w+) ", shown, re.MULTILINE))
    named = set(re.findall(r"\bleadsift_\w+", (ROOT / page).read_text(encoding="utf-8")))
    assert named - {"leadsift_webhooks_"} - there - {f"{name}_bucket" for name in there} == set()
    assert len(named) > 5
