"""The list of keys shows their state and no secret."""

from datetime import UTC, datetime, timedelta

from rich.console import Console

from features.store import StoredKey
from serving.keys_report import keys_json, render_keys

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
GOOD = StoredKey(1, "our CRM", "crm", "d" * 64, NOW - DAY, NOW + DAY, None, NOW)
EXPIRED = StoredKey(2, "Ana", "marketer", "e" * 64, NOW - DAY, NOW, None, None)
REVOKED = StoredKey(3, "Ben", "scientist", "f" * 64, NOW - DAY, NOW, NOW - DAY, None)


def rendered(*keys: StoredKey) -> list[str]:
    console = Console(width=200)
    with console.capture() as capture:
        console.print(*render_keys(keys, NOW))
    return capture.get().splitlines()


def test_each_key_stands_with_its_state() -> None:
    _, good, expired, revoked = rendered(GOOD, EXPIRED, REVOKED)
    assert " ".join(good.split()) == "1 our CRM crm 2026-03-14 12:00 2026-03-15 12:00 2026-03-16 12:00 good"
    assert expired.rstrip().endswith("expired")
    assert revoked.rstrip().endswith("revoked 2026-03-14 12:00")


def test_without_a_key_it_says_how_to_make_one() -> None:
    assert rendered() == ["No key yet. Make one with: leadsift keys create --role crm --name NAME"]


def test_json_has_every_moment_and_no_digest() -> None:
    (key,) = keys_json([GOOD])
    assert key == {
        "id": 1,
        "name": "our CRM",
        "role": "crm",
        "created_at": "2026-03-14T12:00:00+00:00",
        "expires_at": "2026-03-16T12:00:00+00:00",
        "revoked_at": None,
        "last_used_at": "2026-03-15T12:00:00+00:00",
    }
