"""Tells who shows a key, without asking the store each time, and for a while without the store at all."""

import asyncio
import hmac
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog

from features.errors import StoreError
from features.store import Store, StoredKey, find_key, touch_key
from serving.access import Caller, Role, caller_of, digest_of, is_key_shaped

FRESH_S = 5.0  # how soon a revoked key stops working
GRACE_S = 900.0  # how long a key seen before works while the store is down
REMEMBERED_KEYS = 1_024
LOOKUP_TIMEOUT_S = 2.0
USE_STEP = timedelta(hours=1)  # last use is told to the hour: a write for each request would cost more than it tells

HOLDER = Caller("one-time link", frozenset(Role))


@dataclass(frozen=True)
class _Seen:
    caller: Caller
    at_s: float


class Keyring:
    """Knows callers by their secret. `now_s` is a clock that never goes back."""

    def __init__(self, store: Store, token: str | None, now_s: Callable[[], float] = time.monotonic) -> None:
        self._store = store
        self._token = token
        self._now_s = now_s
        self._seen: OrderedDict[str, _Seen] = OrderedDict()
        self._store_down_until_s = float("-inf")

    def is_token(self, secret: str) -> bool:
        """Say whether this is the one-time token, in a time that tells nothing of it."""
        return self._token is not None and hmac.compare_digest(secret.encode(), self._token.encode())

    async def caller(self, secret: str) -> Caller | None:
        """Give who shows this secret; None where it is no valid key.

        Raises StoreError where the store cannot say, and did not say lately.
        """
        if self.is_token(secret):
            return HOLDER
        if not is_key_shaped(secret):
            return None
        digest = digest_of(secret)
        seen, now_s = self._seen.get(digest), self._now_s()
        if seen is not None and now_s - seen.at_s < FRESH_S:
            return seen.caller
        try:
            return await self._look_up(digest, now_s)
        except StoreError:
            if seen is not None and now_s - seen.at_s < GRACE_S:
                return seen.caller
            raise

    async def _look_up(self, digest: str, now_s: float) -> Caller | None:
        if now_s < self._store_down_until_s:
            raise StoreError("the store did not answer a moment ago")
        try:
            async with asyncio.timeout(LOOKUP_TIMEOUT_S):
                key = await asyncio.to_thread(_valid_key, self._store, digest)
        except (StoreError, TimeoutError) as error:
            self._store_down_until_s = now_s + FRESH_S
            structlog.get_logger().warning("keys not looked up", why=str(error) or "no answer in time")
            raise StoreError("the store did not answer") from error
        if key is None:
            self._seen.pop(digest, None)
            return None
        caller = caller_of(key)
        self._remember(digest, _Seen(caller, now_s))
        return caller

    def _remember(self, digest: str, seen: _Seen) -> None:
        self._seen[digest] = seen
        self._seen.move_to_end(digest)
        if len(self._seen) > REMEMBERED_KEYS:
            self._seen.popitem(last=False)


def _valid_key(store: Store, digest: str) -> StoredKey | None:
    key = find_key(store, digest)
    if key is None or key.revoked_at is not None or not hmac.compare_digest(key.digest, digest):
        return None
    now = datetime.now(UTC)
    if key.last_used_at is None or now - key.last_used_at > USE_STEP:
        _note_use(store, key, now)
    return key


def _note_use(store: Store, key: StoredKey, now: datetime) -> None:
    try:
        touch_key(store, key.id, now)
    except StoreError as error:  # a store that cannot be written still says who may call
        structlog.get_logger().warning("use of a key not noted", key_id=key.id, why=str(error))
