"""The audit log as people and programs read it."""

from datetime import UTC, datetime

from rich.console import Console

from features.store.audit import AuditEntry
from serving.audit_report import audit_json, render_audit

ENTRY = AuditEntry(datetime(2026, 3, 15, 12, 0, tzinfo=UTC), "ana", "key made", "key 1", "role crm, for our CRM")


def rendered(*entries: AuditEntry) -> list[str]:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(*render_audit(entries))
    return [line.rstrip() for line in capture.get().splitlines()]


def test_an_entry_is_one_line() -> None:
    _, line = rendered(ENTRY)
    assert line == "2026-03-15 12:00:00  ana  key made  key 1  role crm, for our CRM"


def test_nothing_noted_is_said() -> None:
    assert rendered() == ["Nothing is noted yet."]


def test_json_leaves_nothing_out() -> None:
    assert audit_json([ENTRY]) == [
        {
            "at": "2026-03-15T12:00:00+00:00",
            "who": "ana",
            "action": "key made",
            "subject": "key 1",
            "detail": "role crm, for our CRM",
        }
    ]
