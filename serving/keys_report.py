"""What `leadsift keys list` prints: every key ever made, never a secret."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from features.store import StoredKey


def keys_json(keys: Sequence[StoredKey]) -> list[dict[str, Any]]:
    """Give the keys as plain JSON values, oldest first."""
    return [
        {
            "id": key.id,
            "name": key.name,
            "role": key.role,
            "created_at": key.created_at.isoformat(),
            "expires_at": key.expires_at and key.expires_at.isoformat(),
            "revoked_at": key.revoked_at and key.revoked_at.isoformat(),
            "last_used_at": key.last_used_at and key.last_used_at.isoformat(),
        }
        for key in keys
    ]


def render_keys(keys: Sequence[StoredKey], now: datetime) -> Iterable[RenderableType]:
    """Give the keys as a person reads them on a terminal; times are UTC."""
    if not keys:
        yield "No key yet. Make one with: leadsift keys create --role crm --name NAME"
        return
    table = Table(box=None, pad_edge=False)
    for column in ("id", "name", "role", "created (UTC)", "last used", "expires", "state"):
        table.add_column(column)
    for key in keys:
        moments = (
            f"{each:%Y-%m-%d %H:%M}" if each else "" for each in (key.created_at, key.last_used_at, key.expires_at)
        )
        table.add_row(str(key.id), key.name, key.role, *moments, _state(key, now))
    yield table


def _state(key: StoredKey, now: datetime) -> str:
    if key.is_good(now):
        return "good"
    return "expired" if key.revoked_at is None else f"revoked {key.revoked_at:%Y-%m-%d %H:%M}"
