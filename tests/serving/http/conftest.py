"""The service on the small model, its keys, and clients for it."""

import re
import shutil
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from httpx2 import Response
from starlette.testclient import TestClient
from starlette.types import ASGIApp

from features.store import open_store
from serving.access import Role, create_key
from serving.http.app import create_app
from serving.http.settings import ServiceSettings
from serving.published import publish
from tests.serving.http.processes import port, running_service

__all__ = ["port", "running_service"]

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
BASE_URL = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Shared:
    """A running service for several tests, with a key a role. They read; what is in its store stays as it is."""

    settings: ServiceSettings
    keys: dict[Role, str]
    running: TestClient

    def client(self, role: Role | None = None) -> TestClient:
        """Give a client with cookies and headers of its own."""
        client = _client(self.running.app, None if role is None else self.keys[role])
        client.portal = self.running.portal
        return client


def _settings(folder: Path, store_url: str) -> ServiceSettings:
    return ServiceSettings(
        published=folder / "published", store_url=store_url, timezone="Europe/Madrid", look_every_s=3600
    )


def _keys(store_url: str) -> dict[Role, str]:
    with closing(open_store(store_url)) as store:
        return {role: create_key(store, role, f"the {role}", NOW).secret for role in Role}


def _client(app: ASGIApp, key: str | None) -> TestClient:
    """Make a client; errors inside the service come back as answers, as they would over a network."""
    headers = {} if key is None else {"Authorization": f"Bearer {key}"}
    return TestClient(app, headers=headers, raise_server_exceptions=False, base_url=BASE_URL)


@contextmanager
def sharing(settings: ServiceSettings) -> Iterator[Shared]:
    """Run a service for several tests; what they read is put into its store before or through it."""
    with _client(create_app(settings, now=lambda: NOW), None) as running:
        yield Shared(settings, _keys(settings.store_url), running)


@pytest.fixture(scope="session")
def now() -> datetime:
    """Give the service's idea of now."""
    return NOW


@pytest.fixture
def settings(tmp_path: Path, sqlite_url: str) -> ServiceSettings:
    """Give settings that lead to nothing outside the test's own folder, and to no model yet."""
    return _settings(tmp_path, sqlite_url)


@pytest.fixture(scope="session")
def published_once(bundle: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder into which the small model was published, as version 1; a service only reads it."""
    folder = tmp_path_factory.mktemp("published-once") / "published"
    publish(bundle, folder, "1")
    return folder


@pytest.fixture
def published(settings: ServiceSettings, published_once: Path) -> ServiceSettings:
    """Give settings that lead to the small model, as version 1."""
    return replace(settings, published=published_once)


@pytest.fixture
def published_apart(settings: ServiceSettings, bundle: Path) -> ServiceSettings:
    """Give settings that lead to the small model, as version 1, in a folder that the test may change."""
    publish(bundle, settings.published, "1")
    return settings


@pytest.fixture
def keys(settings: ServiceSettings) -> dict[Role, str]:
    """Give one key a role."""
    return _keys(settings.store_url)


@pytest.fixture(scope="session")
def client_of() -> Callable[..., TestClient]:
    """Give what makes a client of a service of its own."""

    def make(settings: ServiceSettings, key: str | None = None) -> TestClient:
        return _client(create_app(settings, now=lambda: NOW), key)

    return make


@pytest.fixture(scope="module")
def shared_embedded(
    tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path, published_once: Path
) -> ServiceSettings:
    """Give settings for a service with an embedded store that a module's tests share."""
    folder = tmp_path_factory.mktemp("shared")
    store = shutil.copy(sqlite_template, folder / "store.db")
    return replace(_settings(folder, f"sqlite:///{store}"), published=published_once)


@pytest.fixture(scope="module")
def shared_settings(shared_embedded: ServiceSettings, shared_store_url: str) -> ServiceSettings:
    """Give settings for a service that a module's tests share, with an empty store of each kind in turn."""
    return replace(shared_embedded, store_url=shared_store_url)


@pytest.fixture(scope="module")
def shared(shared_embedded: ServiceSettings) -> Iterator[Shared]:
    """Give a service with a model and an empty embedded store, which a module's tests share."""
    with sharing(shared_embedded) as shared:
        yield shared


@pytest.fixture
def reader(shared: Shared) -> TestClient:
    """Give a CRM's client for tests that change nothing."""
    return shared.client(Role.CRM)


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


@pytest.fixture(scope="session")
def form_token() -> Callable[[str], str]:
    """Give what finds the token of a page's form."""

    def find(page: str) -> str:
        found = re.search(r'name="form_token" value="([^"]+)"', page)
        assert found is not None, page
        return found[1]

    return find


@pytest.fixture(scope="session")
def log_in(form_token: Callable[[str], str]) -> Callable[..., Response]:
    """Give what logs a client in with a key, as a person would; it gives the answer to the form."""

    def send(client: TestClient, key: str, after: str = "/") -> Response:
        token = form_token(client.get("/login", params={"next": after}).text)
        form = {"form_token": token, "next": after, "key": key}
        return client.post("/login", data=form, headers={"Origin": BASE_URL}, follow_redirects=False)

    return send


@pytest.fixture(scope="session")
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
