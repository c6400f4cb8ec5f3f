"""An empty store of each kind."""

from pathlib import Path

import pytest


@pytest.fixture(params=["sqlite"])
def store_url(tmp_path: Path) -> str:
    """Give the URL of an empty store."""
    return f"sqlite:///{tmp_path / 'store.db'}"
