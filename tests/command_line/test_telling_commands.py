"""Commands that change the model, or find that the leads did, tell so by webhook."""

import base64
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
import polars as pl
import pytest
from sqlalchemy import select

from features.config import load_config
from features.store import open_store
from features.store.schema import outbox
from serving import published
from tests.command_line.conftest import run_command

SECRET = base64.b64encode(b"a key of twenty-four bytes").decode()
CRM = f'\n[[webhooks]]\nname = "crm"\nurl = "https://crm.example"\nsecret = "{SECRET}"\n'


@pytest.fixture
def config(trained: Path, tmp_path: Path) -> Path:
    """Give the config of a copy of the company, with a webhook."""
    folder = tmp_path / "own"
    shutil.copytree(trained, folder, ignore=shutil.ignore_patterns("mlartifacts"))
    path = folder / "leadsift.toml"
    path.write_text(path.read_text(encoding="utf-8") + CRM, encoding="utf-8")
    return path


@pytest.fixture
def little(config: Path) -> Path:
    """Give the same config where hardly an outcome is known any more: what a training learns plays no part here."""
    outcomes = config.parent / "outcomes.parquet"
    pl.read_parquet(outcomes).head(5).write_parquet(outcomes)
    return config


def told(config: Path) -> list[tuple[str, Any]]:
    with closing(open_store(load_config(config).store.url)) as store, store.reading() as connection:
        rows = connection.execute(select(outbox.c.topic, outbox.c.body).order_by(outbox.c.id))
        return [(topic, orjson.loads(body)["data"]) for topic, body in rows]


def test_each_change_of_champion_is_told_and_no_change_is_not(little: Path) -> None:
    for words in (["train", "--promote"], ["rollback"], ["promote", "2"], ["promote", "2"]):
        said = run_command(*words, "-c", little)
        assert said.code == 0, said.err
    assert told(little) == [
        ("model.promoted", {"model_version": "2", "before": "1"}),
        ("model.promoted", {"model_version": "1", "before": "2"}),
        ("model.promoted", {"model_version": "2", "before": "1"}),
    ]


def test_a_champion_changes_while_the_store_is_down(little: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (little.parent / "file").write_text("")
    monkeypatch.setenv("LEADSIFT_STORE_URL", "sqlite:///file/store.db")
    said = run_command("train", "--promote", "-c", little)
    assert said.code == 0, said.err
    assert "model.promoted is not told by webhook: the store " in said.err
    current = published.current(little.parent / published.PUBLISHED)
    assert current is not None
    assert current.version == "2"


def test_drift_is_told_with_what_drifted(config: Path, tmp_path: Path) -> None:
    leads = pl.read_parquet(config.parent / "leads.parquet").tail(400)
    leads.with_columns(pl.lit("Moon").alias("country")).write_parquet(tmp_path / "new.parquet")
    events = ["--events", config.parent / "events.parquet"]
    said = run_command("drift", "-c", config, "--leads", tmp_path / "new.parquet", *events)
    assert said.code == 0, said.err
    ((topic, data),) = told(config)
    assert (topic, data["model_version"], data["severity"], data["leads"]) == ("drift.found", "1", "error", 400)
    assert {"kind": "level", "feature": "country", "severity": "error"} in data["found"]
