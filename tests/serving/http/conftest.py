"""The service on the small model, its keys, and clients for it."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient

from features.store import open_store
from serving.access import Role, create_key
from serving.http.app import create_app
from serving.http.settings import ServiceSettings
from serving.published import publish
from tests.serving.http.processes import port, running_service

__all__ = ["port", "running_service"]

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
BASE_URL = "http://127.0.0.1:8000"


@pytest.fixture
def now() -> datetime:
    """Give the service's idea of now."""
    return NOW


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str) -> ServiceSettings:
    """Give settings that lead to nothing outside the test's own folder, and to no model yet."""
    return ServiceSettings(
        published=tmp_path / "published",
        store_url=sqlite_url,
        timezone="Europe/Madrid",
        look_every_s=3600,
    )


@pytest.fixture
def published(settings: ServiceSettings, bundle: Path) -> ServiceSettings:
    """Give settings that lead to the small model, as version 1."""
    publish(bundle, settings.published, "1")
    return settings


@pytest.fixture
def keys(settings: ServiceSettings) -> dict[Role, str]:
    """Give one key a role."""
    store = open_store(settings.store_url)
    made = {role: create_key(store, role, f"the {role}", NOW).secret for role in Role}
    store.close()
    return made


@pytest.fixture
def client_of() -> Callable[..., TestClient]:
    """Give what makes a client; errors inside the service come back as answers, as they would over a network."""

    def make(settings: ServiceSettings, key: str | None = None) -> TestClient:
        headers = {} if key is None else {"Authorization": f"Bearer {key}"}
        app = create_app(settings, now=lambda: NOW)
        return TestClient(app, headers=headers, raise_server_exceptions=False, base_url=BASE_URL)

    return make


@pytest.fixture
def client(
    published: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient]
) -> Iterator[TestClient]:
    """Give a CRM's client of the service with a model."""
    with client_of(published, keys[Role.CRM]) as client:
        yield client


@pytest.fixture
def open_client(
    published: ServiceSettings, keys: dict[Role, str], client_of: Callable[..., TestClient]
) -> Iterator[TestClient]:
    """Give a client without a key of its own."""
    assert keys
    with client_of(published) as client:
        yield client


@pytest.fixture
def form_token() -> Callable[[str], str]:
    """Give what finds the token of a page's form."""

    def find(page: str) -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', page)
        assert found is not None, page
        return found[1]

    return find


@pytest.fixture
def log_in(form_token: Callable[[str], str]) -> Callable[..., Response]:
    """Give what logs a client in with a key, as a person would; it gives the answer to the form."""

    def send(client: TestClient, key: str, after: str = "/") -> Response:
        token = form_token(client.get("/login", params={"next": after}).text)
        form = {"form_token": token, "next": after, "key": key}
        return client.post("/login", data=form, headers={"Origin": BASE_URL}, follow_redirects=False)

    return send


@pytest.fixture
def lead() -> Callable[..., dict[str, Any]]:
    """Give what makes a lead to send; members replace or add to its own."""

    def make(**members: Any) -> dict[str, Any]:
        own = {
            "lead_id": "42",
            "attributes": {"sector": "software", "employees": 120},
            "events": [{"type": "download", "occurred_at": "2026-03-01T10:00:00Z", "content": "guide-3"}],
        }
        return own | members

    return make


@pytest.fixture
def said(client: TestClient) -> Callable[[Any], dict[str, str]]:
    """Give what sends a lead that must be refused with 422, and gives the details by pointer."""

    def send(body: Any) -> dict[str, str]:
        answer = client.post("/v1/score", json=body)
        assert answer.status_code == 422, answer.text
        return {error["pointer"]: error["detail"] for error in answer.json()["errors"]}

    return send
