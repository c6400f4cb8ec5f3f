"""An empty store of each kind, open."""

from collections.abc import Iterator

import pytest

from features.store import Store, open_store
from tests.serving.live.conftest import did, live, newer, put

__all__ = ["did", "live", "newer", "put"]


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """Give an empty store; it is closed at the end."""
    store = open_store(store_url)
    yield store
    store.close()
