"""What `leadsift audit` prints: who did what, the newest first."""

from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import RenderableType
from rich.table import Table

from features.store.audit import AuditEntry


def audit_json(entries: Sequence[AuditEntry]) -> list[dict[str, Any]]:
    """Give the entries as plain JSON values."""
    return [
        {
            "at": entry.at.isoformat(),
            "who": entry.who,
            "action": entry.action,
            "subject": entry.subject,
            "detail": entry.detail,
        }
        for entry in entries
    ]


def render_audit(entries: Sequence[AuditEntry]) -> Iterable[RenderableType]:
    """Give the entries as a person reads them on a terminal; times are UTC."""
    if not entries:
        yield "Nothing is noted yet."
        return
    table = Table(box=None, pad_edge=False)
    for column in ("at (UTC)", "who", "did", "to", "how"):
        table.add_column(column)
    for entry in entries:
        words = (entry.who, entry.action, entry.subject or "", entry.detail or "")
        table.add_row(f"{entry.at:%Y-%m-%d %H:%M:%S}", *words)
    yield table
