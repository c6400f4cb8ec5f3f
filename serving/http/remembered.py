"""What the store said lately: asked again every few seconds, and good for a while without the store."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

import structlog

from features.errors import StoreError

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")

FRESH_S = 5.0  # how soon a change in the store is seen, the revoking of a key say
GRACE_S = 900.0  # how long an answer is good while the store is down
LOOKUP_TIMEOUT_S = 2.0
REMEMBERED = 1_024


@dataclass(frozen=True)
class _Answer(Generic[V]):
    value: V
    at_s: float


class Remembered(Generic[K, V]):
    """Asks the store by `ask`, which blocks, and remembers what it said, except that there is no such thing.

    Requests that want to know the same at the same time ask once. `now_s` is a clock that never goes back.
    """

    def __init__(self, ask: Callable[[K], V | None], now_s: Callable[[], float] = time.monotonic) -> None:
        self._ask = ask
        self._now_s = now_s
        self._answers: OrderedDict[K, _Answer[V]] = OrderedDict()
        self._asking: dict[K, asyncio.Task[V | None]] = {}
        self._store_down_until_s = float("-inf")

    async def get(self, key: K) -> V | None:
        """Give what the store says of `key`; None where it has no such thing.

        Raises StoreError where the store cannot say, and did not say lately.
        """
        answer, now_s = self._answers.get(key), self._now_s()
        if answer is not None and now_s - answer.at_s < FRESH_S:
            return answer.value
        try:
            return await self._asked(key)
        except StoreError:
            if answer is not None and now_s - answer.at_s < GRACE_S:
                return answer.value
            raise

    async def _asked(self, key: K) -> V | None:
        task = self._asking.get(key)
        if task is None:
            task = self._asking[key] = asyncio.create_task(self._look_up(key))
            task.add_done_callback(partial(self._done, key))
        return await asyncio.shield(task)  # one caller that gives up must not end it for the others

    def _done(self, key: K, task: asyncio.Task[V | None]) -> None:
        del self._asking[key]
        if not task.cancelled():
            task.exception()  # asyncio would complain of one that nobody waits for any more

    async def _look_up(self, key: K) -> V | None:
        now_s = self._now_s()
        if now_s < self._store_down_until_s:
            raise StoreError("the store did not answer a moment ago")
        try:
            async with asyncio.timeout(LOOKUP_TIMEOUT_S):
                value = await asyncio.to_thread(self._ask, key)
        except (StoreError, TimeoutError) as error:
            self._store_down_until_s = now_s + FRESH_S
            structlog.get_logger().warning("store not asked", why=str(error) or "no answer in time")
            raise StoreError("the store did not answer") from error
        if value is None:
            self._answers.pop(key, None)
        else:
            self._remember(key, _Answer(value, now_s))
        return value

    def _remember(self, key: K, answer: _Answer[V]) -> None:
        self._answers[key] = answer
        self._answers.move_to_end(key)
        if len(self._answers) > REMEMBERED:
            self._answers.popitem(last=False)
