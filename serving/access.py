"""Who may call the service: roles, and the keys that carry them.

A key is shown once, when it is made; the store keeps its SHA-256 alone. Keys are random and long, so that a plain
hash is enough: there is nothing to guess.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from features.errors import DataError
from features.problems import Problem, did_you_mean
from features.store import Store, StoredKey, add_key
from features.store.keys import NOBODY, key_subject

KEY_PREFIX = "ls_"  # lets a scanner for leaked secrets recognise a key
KEY_BYTES = 32
KEY_SHAPE = re.compile(KEY_PREFIX + r"[A-Za-z0-9_-]{43}")
NAME_CHARACTERS = 200
LONGEST_DAYS = 3_650  # that a key may be good for


class Role(StrEnum):
    """What a key is for: a CRM scores and writes, a marketer reads reports, a scientist works on models."""

    CRM = "crm"
    MARKETER = "marketer"
    SCIENTIST = "scientist"


@dataclass(frozen=True)
class Caller:
    """Someone who showed a valid key, or the one-time token."""

    name: str
    roles: frozenset[Role]
    key_id: int | None = None  # None: not by a key

    @property
    def who(self) -> str:
        """Give who this is, for the audit: the key's number first, since names may be alike.

        >>> Caller("our CRM", frozenset({Role.CRM}), 3).who
        'key 3, our CRM'
        """
        return self.name if self.key_id is None else f"{key_subject(self.key_id)}, {self.name}"


@dataclass(frozen=True)
class NewKey:
    """A key just made. `secret` is known here and nowhere else."""

    id: int
    secret: str
    expires_at: datetime | None = None


def digest_of(secret: str) -> str:
    """Give what the store keeps of a key: its SHA-256, hex.

    >>> digest_of("ls_example")[:12]
    '46d8b1519346'
    """
    return hashlib.sha256(secret.encode()).hexdigest()


def is_key_shaped(secret: str) -> bool:
    """Say whether this could be a key at all; what could not needs no look into the store.

    >>> is_key_shaped("Bearer"), is_key_shaped("ls_" + "x" * 43)
    (False, True)
    """
    return KEY_SHAPE.fullmatch(secret) is not None


def create_key(
    store: Store, role: str, name: str, now: datetime, *, expires_in_days: int | None = None, who: str = NOBODY
) -> NewKey:
    """Make a key and keep its digest; `who` makes it, and without `expires_in_days` it is good until it is revoked.

    Raises DataError for an unknown role, a name that is none, or days that are too few or too many.
    """
    problems = []
    if role not in set(Role):
        problems.append(Problem("is not a role", did_you_mean(role, [each.value for each in Role]), value=role))
    if not (name.strip() and name.isprintable() and len(name) <= NAME_CHARACTERS):
        remedy = f"say in 1 to {NAME_CHARACTERS} printable characters who will use the key"
        problems.append(Problem("is not a name", remedy, value=name))
    if expires_in_days is not None and not 1 <= expires_in_days <= LONGEST_DAYS:
        remedy = f"a key may be good for 1 to {LONGEST_DAYS} days; without a number it does not expire"
        problems.append(Problem("is not a number of days", remedy, value=str(expires_in_days)))
    if problems:
        raise DataError(problems)
    secret = KEY_PREFIX + secrets.token_urlsafe(KEY_BYTES)
    expires_at = None if expires_in_days is None else now + timedelta(days=expires_in_days)
    key_id = add_key(store, name, role, digest_of(secret), now, expires_at=expires_at, who=who)
    return NewKey(key_id, secret, expires_at)


def caller_of(key: StoredKey) -> Caller:
    """Give the caller that a stored key stands for."""
    return Caller(key.name, frozenset({Role(key.role)}), key.id)
