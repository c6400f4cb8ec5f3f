"""The sessions of people who read pages: told by a signed cookie alone, so that every worker and host knows them.

The secret is the store's. Whose session it is stands in the cookie; whether their key is still good is asked anew with
each request, so a session ends with its key, with the secret, or after twelve hours.
"""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from features.store import Store
from features.store.own_secrets import SecretName, find_secret, made_secret
from serving.access import Caller
from serving.http.keyring import HOLDER, Keyring
from serving.http.remembered import Remembered

LIFETIME = timedelta(hours=12)
NONCE_BYTES = 16
NOBODY = "nobody"  # a session from before the log in: its form carries a token too
LINK_CHARACTERS = 32  # of the token's digest

# What a signature is for: one must never pass as the other.
_COOKIE, _FORM = b"cookie", b"form"


@dataclass(frozen=True)
class Session:
    """One session: `subject` says whose, `cookie` is what the browser keeps, `form_token` what each form carries."""

    subject: str
    cookie: str
    form_token: str

    def is_form_token(self, sent: str) -> bool:
        """Say whether a form came from this session's pages, in a time that tells nothing of the token."""
        return hmac.compare_digest(sent.encode(), self.form_token.encode())


class Sessions:
    """Starts sessions and knows them again. `now` is the service's clock, `now_s` one that never goes back."""

    def __init__(
        self,
        store: Store,
        keyring: Keyring,
        now: Callable[[], datetime],
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store = store
        self._keyring = keyring
        self._now = now
        self._secrets: Remembered[SecretName, bytes] = Remembered(self._find, now_s)

    async def start(self, caller: Caller | None) -> Session:
        """Start a session of someone who showed a key, or the one-time token, or of nobody yet.

        Raises StoreError where the store does not give the secret to sign with.
        """
        secret = await self._secrets.get(SecretName.SESSIONS)
        if secret is None:
            secret = await asyncio.to_thread(self._make)
        ends_at = int((self._now() + LIFETIME).timestamp())
        return _session(secret, f"{self._subject_of(caller)}.{ends_at}.{secrets.token_urlsafe(NONCE_BYTES)}")

    async def read(self, cookie: str) -> Session | None:
        """Give the session of a cookie; None where it is over, or was never ours. Raises StoreError as `start` does."""
        content, _, signature = cookie.rpartition(".")
        if not content or not cookie.isascii():
            return None
        secret = await self._secrets.get(SecretName.SESSIONS)
        if secret is None or not hmac.compare_digest(signature, _sign(secret, _COOKIE, content)):
            return None
        _, ends_at, _ = content.split(".")
        return _session(secret, content) if self._now().timestamp() < int(ends_at) else None

    async def caller_of(self, session: Session) -> Caller | None:
        """Give whose session it is; None for nobody's, or where the key is no longer good."""
        kind, _, rest = session.subject.partition("-")
        if kind == "key":
            return await self._keyring.caller_by_id(int(rest))
        return HOLDER if kind == "link" and session.subject == self._link() else None

    def _subject_of(self, caller: Caller | None) -> str:
        if caller is None:
            return NOBODY
        return self._link() if caller.key_id is None else f"key-{caller.key_id}"

    def _link(self) -> str:
        digest = self._keyring.token_digest
        return NOBODY if digest is None else f"link-{digest[:LINK_CHARACTERS]}"

    def _find(self, name: SecretName) -> bytes | None:
        with self._store.reading() as connection:
            return find_secret(connection, name)

    def _make(self) -> bytes:
        with self._store.writing() as connection:
            return made_secret(connection, SecretName.SESSIONS)


def _session(secret: bytes, content: str) -> Session:
    subject, _, _ = content.partition(".")
    return Session(subject, f"{content}.{_sign(secret, _COOKIE, content)}", _sign(secret, _FORM, content))


def _sign(secret: bytes, purpose: bytes, content: str) -> str:
    digest = hmac.digest(secret, purpose + b"\n" + content.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
