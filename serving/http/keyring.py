"""Tells who shows a key, without asking the store each time, and for a while without the store at all."""

import hmac
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import structlog

from features.errors import StoreError
from features.store import Store, StoredKey, find_key, find_key_by_id, touch_key
from serving.access import Caller, Role, caller_of, digest_of, is_key_shaped
from serving.http.remembered import Remembered

USE_STEP = timedelta(hours=1)  # last use is told to the hour: a write for each request would cost more than it tells

HOLDER = Caller("one-time link", frozenset(Role))


def _now() -> datetime:
    return datetime.now(UTC)


class Keyring:
    """Knows callers by their secret, or by the number of their key. `now_s` is a clock that never goes back."""

    def __init__(
        self,
        store: Store,
        token: str | None,
        now: Callable[[], datetime] = _now,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._token = token
        self._now = now
        self._by_digest: Remembered[str, StoredKey] = Remembered(self._find, now_s)
        self._by_id: Remembered[int, StoredKey] = Remembered(self._find_by_id, now_s)

    def is_token(self, secret: str) -> bool:
        """Say whether this is the one-time token, in a time that tells nothing of it."""
        return self._token is not None and hmac.compare_digest(secret.encode(), self._token.encode())

    @property
    def token_digest(self) -> str | None:
        """Give what stands for the one-time token where it must not be shown; None where there is none."""
        return None if self._token is None else digest_of(self._token)

    async def caller(self, secret: str) -> Caller | None:
        """Give who shows this secret; None where it is no valid key.

        Raises StoreError where the store cannot say, and did not say lately.
        """
        if self.is_token(secret):
            return HOLDER
        if not is_key_shaped(secret):
            return None
        return self._caller_of(await self._by_digest.get(digest_of(secret)))

    async def caller_by_id(self, key_id: int) -> Caller | None:
        """Give whose key has this number; None where it is no longer valid. Raises StoreError as `caller` does."""
        return self._caller_of(await self._by_id.get(key_id))

    def _caller_of(self, key: StoredKey | None) -> Caller | None:
        return caller_of(key) if key is not None and key.is_good(self._now()) else None

    def _find(self, digest: str) -> StoredKey | None:
        key = find_key(self._store, digest)
        if key is None or not hmac.compare_digest(key.digest, digest):
            return None
        return self._noted(key)

    def _find_by_id(self, key_id: int) -> StoredKey | None:
        key = find_key_by_id(self._store, key_id)
        return None if key is None else self._noted(key)

    def _noted(self, key: StoredKey) -> StoredKey | None:
        """Give the key, and note its use; None for one that is no longer good."""
        now = self._now()
        if not key.is_good(now):
            return None
        if key.last_used_at is None or now - key.last_used_at > USE_STEP:
            try:
                touch_key(self._store, key.id, now)
            except StoreError as error:  # a store that cannot be written still says who may call
                structlog.get_logger().warning("use of a key not noted", key_id=key.id, why=str(error))
        return key
