"""Keys are made, listed and revoked, and the audit tells who did it."""

import getpass
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.command_line.conftest import run_command


@pytest.fixture
def config(tmp_path: Path) -> Path:
    path = tmp_path / "leadsift.toml"
    path.write_text("", encoding="utf-8")
    return path


@pytest.fixture(autouse=True)
def at_the_keyboard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getuser", lambda: "ana")


def made(config: Path, *words: object) -> str:
    said = run_command("keys", "create", "-c", config, "--role", "crm", "--name", "our CRM", *words)
    assert said.code == 0, said.err
    return said.out


def listed(config: Path, command: str = "keys list", *words: object) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(run_command(*command.split(), "-c", config, "--json", "-", *words).out)
    return found


def test_a_key_may_be_good_for_some_days_and_the_list_says_until_when(config: Path) -> None:
    out = made(config, "--expires-in-days", 30)
    (key,) = listed(config)
    until = datetime.fromisoformat(key["expires_at"])
    assert timedelta(days=29) < until - datetime.now(UTC) <= timedelta(days=30)
    assert f"good until {until:%Y-%m-%d %H:%M} UTC" in out
    assert out.split()[-1].startswith("ls_")
    assert made(config).split()[-1].startswith("ls_")
    assert listed(config)[1]["expires_at"] is None


@pytest.mark.parametrize("days", ["0", "-1", "3651", "soon"])
def test_days_that_are_none_are_wrong_usage(config: Path, days: str) -> None:
    words = ("keys", "create", "-c", config, "--role", "crm", "--name", "x", "--expires-in-days", days)
    assert run_command(*words).code == 2
    assert listed(config) == []


def test_the_audit_tells_who_made_and_revoked_which_key_newest_first(config: Path) -> None:
    made(config)
    assert run_command("keys", "revoke", "-c", config, 1).code == 0
    assert run_command("keys", "log-out-all", "-c", config).code == 0
    told = [(entry["who"], entry["action"], entry["subject"], entry["detail"]) for entry in listed(config, "audit")]
    assert told == [
        ("ana", "sessions ended", None, None),
        ("ana", "key revoked", "key 1", None),
        ("ana", "key made", "key 1", "role crm, for our CRM"),
    ]
    assert [entry["action"] for entry in listed(config, "audit", "--last", 1)] == ["sessions ended"]
    assert listed(config, "audit", "--since", "2999-01-01") == []
    assert "key revoked" in run_command("audit", "-c", config).out


def test_an_unknown_key_cannot_be_revoked(config: Path) -> None:
    said = run_command("keys", "revoke", "-c", config, 7)
    assert (said.code, said.err) == (1, "there is no key 7; `leadsift keys list` shows those there are")


def test_nothing_that_is_printed_again_has_the_key(config: Path) -> None:
    secret = made(config).split()[-1]
    assert secret not in run_command("keys", "list", "-c", config).out + run_command("audit", "-c", config).out


def test_the_first_model_and_its_maker_are_in_the_audit(trained: Path) -> None:
    (entry, *_) = listed(trained / "leadsift.toml", "audit")
    assert (entry["action"], entry["subject"]) == ("model promoted", "version 1")
    assert entry["detail"]
