"""A real service on real stores, and how much is done to it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from threading import Event

import pytest

from benchmarks.machine import Machine
from features.store import Store
from serving.access import Role, create_key
from serving.http.settings import ServiceSettings
from serving.published import publish
from tests.faults.caller import Caller
from tests.faults.reliability import Figure, Note, keep
from tests.faults.running_service import RunningService, free_port
from tests.faults.scale import Scale, long_scale
from tests.serving.conftest import bundle, small

__all__ = ["bundle", "small"]

LOOK_EVERY_S = 0.05  # often, so that a model is taken up soon


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--long", action="store_true", help="as much of each fault as is promised; writes docs/reliability"
    )
    parser.addoption("--kills", type=int, default=200, help="how often the service is killed, with --long")
    parser.addoption("--soak-minutes", type=float, default=30, help="how long the soak takes, with --long")


@pytest.fixture(scope="session")
def scale(request: pytest.FixtureRequest) -> Scale:
    """Give how much of each fault there is."""
    asked = request.config.getoption
    return long_scale(asked("--kills"), asked("--soak-minutes")) if asked("--long", default=False) else Scale()


@pytest.fixture
def settings(tmp_path: Path, store_url: str, bundle: Path) -> ServiceSettings:
    """Give settings that lead to the small model, as version 1, and to an empty store of each kind in turn."""
    publish(bundle, tmp_path / "published", "1")
    return ServiceSettings(tmp_path / "published", store_url, port=free_port(), look_every_s=LOOK_EVERY_S)


@pytest.fixture
def service(settings: ServiceSettings, tmp_path: Path) -> Iterator[RunningService]:
    """Give the service, not started yet; no process of it outlives the test."""
    service = RunningService(settings, tmp_path / "service.log")
    yield service
    service.kill()


@pytest.fixture
def secret(store: Store) -> str:
    """Give a CRM's key."""
    return create_key(store, Role.CRM, "the CRM", datetime.now(UTC)).secret


@pytest.fixture
def crm(service: RunningService, secret: str) -> Iterator[Caller]:
    """Give a caller of the service with that key."""
    caller = Caller(service.settings.port, secret, Event())
    yield caller
    caller.close()


@pytest.fixture
def note(scale: Scale, store_url: str) -> Note:
    """Give what keeps the figures of a long run."""

    def note(*, what: str, found: str, bound: str, how: str, met: bool = True) -> None:
        if scale.is_long:
            here = Machine.here()
            machine = (
                f"{here.cores} cores of {here.processor}, {here.memory_bytes / 2**30:.0f} GiB, shared with other work"
            )
            store = "SQLite" if store_url.startswith("sqlite") else "PostgreSQL"
            keep(Figure(what, store, found, bound, met, how, datetime.now(UTC).date().isoformat(), machine))

    return note
