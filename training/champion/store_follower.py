"""Keeps store and registry together while the service runs: what the pages show, and what people ask for there."""

from collections.abc import Callable
from datetime import datetime

from features.config import Config
from features.store import open_store
from features.store.model_requests import has_open_request
from serving.published import Published
from training.records.registry import Registry


class StoreFollower:
    """Called after each look at the registry. Raises StoreError where the store cannot be used; the next call goes on.

    What it takes to score is imported when it is first needed: most looks need nothing.
    """

    def __init__(self, config: Config, registry: Registry, now: Callable[[], datetime]) -> None:
        self._config = config
        self._registry = registry
        self._store = open_store(config.store.url)
        self._now = now
        self._shown: Published | None = None

    def __call__(self, published: Published | None) -> None:
        """Tell the store of a champion that is new, however it came to be; then do what is asked for."""
        if published != self._shown:
            from training.champion.shown_versions import keep_shown  # noqa: PLC0415

            keep_shown(self._store, self._registry)
            self._shown = published
        with self._store.reading() as connection:
            is_asked = has_open_request(connection, self._now())
        if is_asked:
            from training.champion.asked_rollbacks import do_asked_rollback  # noqa: PLC0415

            do_asked_rollback(self._config, self._store, self._now())
