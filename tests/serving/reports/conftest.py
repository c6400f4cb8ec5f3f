"""An empty store of each kind, open."""

from tests.serving.live.conftest import did, live, newer, put

__all__ = ["did", "live", "newer", "put"]
