"""Browsers in which people are logged in, and a store with leads to show."""

from collections.abc import Callable
from contextlib import closing

import pytest
from starlette.testclient import TestClient

from features.store import open_store
from serving.access import Role
from tests.serving.http.conftest import NOW, Shared
from tests.serving.reports.fact_rows import Fact, fill, make_facts


@pytest.fixture
def client(open_client: TestClient) -> TestClient:
    """Give a client without a key of its own, of a service with an empty store."""
    return open_client


@pytest.fixture
def marketer(client: TestClient, keys: dict[Role, str], log_in: Callable[..., object]) -> TestClient:
    """Give a browser in which a marketer is logged in."""
    log_in(client, keys[Role.MARKETER])
    return client


@pytest.fixture(scope="module")
def facts(shared: Shared) -> list[Fact]:
    """Give what reports count of some leads, which are in the shared service's store."""
    made = [fact for fact in make_facts(500, seed=8) if fact["handed_over_at"] < NOW]
    with closing(open_store(shared.settings.store_url)) as store:
        fill(store, made)
    return made


@pytest.fixture
def analyst(facts: list[Fact], shared: Shared, log_in: Callable[..., object]) -> TestClient:
    """Give a browser in which a marketer is logged in, at the service with the facts."""
    assert facts
    client = shared.client()
    log_in(client, shared.keys[Role.MARKETER])
    return client
