"""The process beside the service delivers what waits, and ends with the service."""

import subprocess
import sys
from pathlib import Path

import pytest

from features.config import Config, load_config
from features.store import Store
from features.store.outbox import queue
from serving.webhooks.delivering import delivering
from tests.serving.webhooks.conftest import SECRET, Receiver, Tell

PATIENCE_S = 30.0


@pytest.fixture
def config(tmp_path: Path, store_url: str, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> Config:
    """Give a config with one webhook, to the receiver; the secret stands in the environment."""
    own = f'[[webhooks]]\nname = "crm"\nurl = "{receiver.url}"\nallow_private = ["localhost"]\n'
    path = tmp_path / "leadsift.toml"
    path.write_text(f'[store]\nurl = "{store_url}"\n{own}')
    monkeypatch.setenv("LEADSIFT_WEBHOOKS_CRM_SECRET", SECRET)
    return load_config(path)


def test_what_waits_is_delivered_while_the_service_runs(
    config: Config, store: Store, receiver: Receiver, tell: Tell
) -> None:
    tell()
    with delivering(config):
        assert receiver.arrived.wait(PATIENCE_S)
    assert len(receiver.got) == 1
    with store.reading() as connection:
        assert queue(connection).waiting == 0


def test_it_ends_by_itself_when_the_service_is_gone(config: Config) -> None:
    command = [sys.executable, "-m", "serving.webhooks.deliverer", "--config", str(config.path), "--parent", "1"]
    ended = subprocess.run(command, timeout=PATIENCE_S, check=False, capture_output=True)
    assert (ended.returncode, ended.stderr) == (0, b"")


def test_without_webhooks_there_is_no_such_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        pytest.fail("a process was started")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    path = tmp_path / "leadsift.toml"
    path.write_text("")
    with delivering(load_config(path)):
        pass
