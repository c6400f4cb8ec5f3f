"""Lets in as many requests at once as the service can hold, and asks the rest to come back."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from prometheus_client import Gauge

from serving.http.problems import too_busy


class Gate:
    """`at_once` are let in, `waiting` more wait for a place. Raises ProblemError (429) for any beyond.

    `inside` shows how many there are, those that wait included.
    """

    def __init__(self, at_once: int, waiting: int = 0, inside: Gauge | None = None) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._allowed = at_once + waiting
        self._inside = 0
        self._shown = inside

    @property
    def is_full(self) -> bool:
        """Say whether the next one would be sent away."""
        return self._inside >= self._allowed

    @asynccontextmanager
    async def entered(self) -> AsyncIterator[None]:
        """Hold a place for as long as the block lasts."""
        if self.is_full:
            raise too_busy()
        self._count(1)
        try:
            async with self._places:
                yield
        finally:
            self._count(-1)

    def _count(self, more: int) -> None:
        self._inside += more
        if self._shown is not None:
            self._shown.inc(more)
