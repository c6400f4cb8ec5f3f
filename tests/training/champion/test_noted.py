"""A change of champion is in the audit log, and a store that is away stops no change."""

from pathlib import Path

import pytest

from features.config import Config, load_config
from features.store import open_store
from features.store.audit import Action, newest_entries
from training.champion.noted import note_champion


def config_in(folder: Path) -> Config:
    (folder / "leadsift.toml").write_text("", encoding="utf-8")
    return load_config(folder / "leadsift.toml")


def test_who_changed_the_champion_and_why_is_noted(tmp_path: Path) -> None:
    config = config_in(tmp_path)
    note_champion(config, Action.MODEL_ROLLED_BACK, "3", "ana", "complaints from sales")
    store = open_store(config.store.url)
    with store.reading() as connection:
        (entry,) = newest_entries(connection, 10)
    store.close()
    assert (entry.who, entry.action, entry.subject) == ("ana", "model rolled back", "version 3")
    assert entry.detail == "complaints from sales"


def test_a_store_that_cannot_be_used_is_said_and_stops_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = config_in(tmp_path)
    (tmp_path / ".leadsift" / "leadsift.db").mkdir(parents=True)
    note_champion(config, Action.MODEL_PROMOTED, "3", "ana", "by hand")
    assert "is recorded in MLflow, but not in the audit log: the store sqlite:///" in capsys.readouterr().err
