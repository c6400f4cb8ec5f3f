"""No key takes more than its share of the service; others, and those who watch over it, do not notice."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from serving.access import Role
from serving.http.app import create_app
from serving.http.rates import Rates
from serving.http.settings import ServiceSettings
from tests.serving.http.clock import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def limited(published: ServiceSettings, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], TestClient]:
    """Give what makes clients of one service that lets each key come twice a second, by the clock."""
    rates = Rates(2, 2, now_s=clock)
    monkeypatch.setattr("serving.http.app.rates_of", lambda *_: rates)
    app = create_app(published)
    return lambda key: TestClient(app, headers={"Authorization": f"Bearer {key}"})


def test_a_key_used_too_often_is_told_when_to_come_again(
    limited: Callable[[str], TestClient], keys: dict[Role, str], clock: Clock
) -> None:
    with limited(keys[Role.CRM]) as client:
        assert [client.get("/v1/model").status_code for _ in range(4)] == [200, 200, 429, 429]
        refused = client.get("/v1/model")
        assert refused.headers["retry-after"] == "1"
        assert refused.json()["type"] == "urn:leadsift:problem:too-often"
        assert refused.json()["detail"] == "this key is used more often than allowed; wait 1 s"
        clock.now_s += 1
        assert client.get("/v1/model").status_code == 200


def test_other_keys_and_those_who_watch_over_it_are_not_held_up(
    limited: Callable[[str], TestClient], keys: dict[Role, str]
) -> None:
    with limited(keys[Role.CRM]) as client:
        assert [client.get("/v1/model").status_code for _ in range(3)] == [200, 200, 429]
        for address in ("/healthz", "/readyz", "/metrics"):
            assert {client.get(address).status_code for _ in range(5)} == {200}
        other = {"Authorization": f"Bearer {keys[Role.MARKETER]}"}
        assert client.get("/v1/model", headers=other).status_code == 200


def test_requests_of_another_role_cost_nothing(limited: Callable[[str], TestClient], keys: dict[Role, str]) -> None:
    with limited(keys[Role.MARKETER]) as client:
        assert {client.delete("/v1/leads/1").status_code for _ in range(5)} == {403}
        assert client.get("/v1/model").status_code == 200


def test_the_settings_say_how_often(
    published: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient]
) -> None:
    with client_of(replace(published, requests_per_second=0.001), keys[Role.CRM]) as client:
        assert [client.get("/v1/model").status_code for _ in range(2)] == [200, 429]
        assert 990 <= int(client.get("/v1/model").headers["retry-after"]) <= 1_000
