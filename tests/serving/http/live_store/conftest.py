"""The service on an empty store of each kind."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from serving.http.settings import ServiceSettings


@pytest.fixture
def settings(settings: ServiceSettings, store_url: str) -> ServiceSettings:
    """Give settings that lead to an empty store of each kind in turn."""
    return replace(settings, store_url=store_url)


@pytest.fixture
def event() -> Callable[..., dict[str, Any]]:
    """Give what makes an event to send; members replace or add to its own."""

    def make(event_id: str = "e-1", **members: Any) -> dict[str, Any]:
        own = {"lead_id": "a", "type": "download", "occurred_at": "2026-03-01T10:00:00Z", "content": "guide-1"}
        return {"event_id": event_id} | own | members

    return make
