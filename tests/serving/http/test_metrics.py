"""What is counted besides requests: what waits, what was done before, what is missing, and who has ended."""

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from serving.access import Role
from serving.http.admission import Gate
from serving.http.health_routes import SILENT_AFTER
from serving.http.metrics import Figure, Metrics
from serving.http.settings import ServiceSettings
from serving.published import note_look
from tests.serving.http.conftest import NOW


def lines(page: bytes) -> list[str]:
    return page.decode().splitlines()


def test_a_gate_shows_how_many_are_inside_those_that_wait_included() -> None:
    metrics = Metrics()

    async def crowd() -> None:
        gate, go = Gate(1, 1, metrics.inside.labels("store")), asyncio.Event()

        async def visit() -> None:
            async with gate.entered():
                await go.wait()

        visits = [asyncio.create_task(visit()) for _ in range(2)]
        await asyncio.sleep(0)
        assert 'leadsift_requests_inside{gate="store"} 2.0' in lines(metrics.page())
        go.set()
        await asyncio.gather(*visits)

    asyncio.run(crowd())
    assert 'leadsift_requests_inside{gate="store"} 0.0' in lines(metrics.page())


def test_missing_values_are_counted_by_attribute_wherever_a_lead_is_scored() -> None:
    metrics = Metrics()
    metrics.count_lead([], ["sector", "employees"])
    metrics.count_lead([], ["sector"])
    metrics.count_leads(10, {}, {"employees": 4})
    page = lines(metrics.page())
    assert 'leadsift_missing_values_total{attribute="sector"} 2.0' in page
    assert 'leadsift_missing_values_total{attribute="employees"} 5.0' in page


def test_missing_values_of_stored_leads_are_counted_too(client: TestClient) -> None:
    client.put("/v1/leads/a", json={"attributes": {"sector": "software"}})
    assert client.get("/v1/leads/a/score").status_code == 200
    page = lines(client.get("/metrics").content)
    assert 'leadsift_missing_values_total{attribute="employees"} 1.0' in page
    assert not any('attribute="sector"' in line for line in page)


def test_a_write_that_was_sent_again_is_counted(client: TestClient) -> None:
    for _ in range(3):
        client.put("/v1/leads/a", json={"attributes": {}}, headers={"Idempotency-Key": "k"})
    assert "leadsift_idempotency_replays_total 2.0" in lines(client.get("/metrics").content)


def test_figures_from_elsewhere_are_shown_as_they_are() -> None:
    page = lines(Metrics().page([Figure("leadsift_store_up", "1 while the store answers.", 1.0)]))
    assert "# TYPE leadsift_store_up gauge" in page
    assert "leadsift_store_up 1.0" in page


@pytest.mark.slow
def test_what_a_worker_that_ended_said_of_itself_is_forgotten_and_what_it_counted_stays(tmp_path: Path) -> None:
    work = (
        "from pathlib import Path; from serving.http.metrics import Metrics; "
        f"metrics = Metrics(Path({str(tmp_path)!r})); metrics.inside.labels('store').inc(); "
    )
    show = "metrics.leads_scored.inc(); print(metrics.page().decode())"
    own = os.environ | {"PROMETHEUS_MULTIPROC_DIR": str(tmp_path)}
    first, second = (
        subprocess.run([sys.executable, "-c", work + show], env=own, capture_output=True, text=True, check=True).stdout
        for _ in range(2)
    )
    assert 'leadsift_requests_inside{gate="store"} 1.0' in first.splitlines()
    assert 'leadsift_requests_inside{gate="store"} 1.0' in second.splitlines()
    assert "leadsift_leads_scored_total 2.0" in second.splitlines()


def looked(settings: ServiceSettings, ago: timedelta) -> None:
    note_look(settings.published)
    moment = (NOW - ago).timestamp()
    os.utime(settings.published / ".looked", (moment, moment))


def test_a_registry_that_answers_no_more_is_told_and_scoring_goes_on(
    published_apart: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient]
) -> None:
    def ready(client: TestClient) -> Any:
        answer = client.get("/readyz")
        assert answer.status_code == 200
        return answer.json()["problem"]

    with client_of(published_apart, keys[Role.CRM]) as client:
        assert "leadsift_registry_age_seconds" not in client.get("/metrics").text  # nobody follows the registry
        assert ready(client) is None
        looked(published_apart, SILENT_AFTER - timedelta(seconds=1))
        assert ready(client) is None
        looked(published_apart, timedelta(minutes=7))
        said = "the model registry has not answered for 7 minutes; a newer champion would not be seen"
        assert ready(client) == said
        assert "leadsift_registry_age_seconds 420.0" in lines(client.get("/metrics").content)
