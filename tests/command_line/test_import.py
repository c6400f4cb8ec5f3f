"""`leadsift import` fills the store, and a model learned from the store is the one learned from the files."""

import json
import shutil
from pathlib import Path

import pytest

from tests.command_line.conftest import LEADS, run_command


@pytest.fixture
def config(trained: Path, tmp_path: Path) -> Path:
    return shutil.copytree(trained, tmp_path / "company") / "leadsift.toml"


@pytest.mark.slow
def test_the_store_teaches_the_same_model_as_the_files_it_was_filled_from(
    config: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (run_command("import", "-c", config) for _ in range(2))
    assert first.out.splitlines()[0] == f"leads: {LEADS:,} new, 0 mended, 0 as they were"
    assert second.out.splitlines()[0] == f"leads: 0 new, 0 mended, {LEADS:,} as they were"
    monkeypatch.setenv("LEADSIFT_LEADS_SOURCE", "store")
    said = run_command("train", "-c", config, "--no-promote", "--json", tmp_path / "train.json")
    assert said.code == 0, said.err
    from_files, from_store = (
        json.loads(each.read_text()) for each in (config.parent / "train.json", tmp_path / "train.json")
    )
    for figure in ("holdout", "baselines", "label", "choices"):
        assert from_store[figure] == from_files[figure], figure


def test_an_empty_store_says_how_to_fill_it(tmp_path: Path) -> None:
    (tmp_path / "leadsift.toml").write_text("")
    said = run_command("check", "-c", tmp_path / "leadsift.toml")
    assert said.code == 1
    assert "the store: holds no lead that was handed over; fill it with `leadsift import`" in said.out


def test_an_import_says_what_its_files_lack(tmp_path: Path) -> None:
    (tmp_path / "leadsift.toml").write_text("[leads]\nfile = 'leads.csv'\nid = 'id'\norder = 'month'")
    said = run_command("import", "-c", tmp_path / "leadsift.toml")
    assert said.code == 1
    assert "[leads] handed_over_at is missing; the store has to know when each lead was handed over" in said.err
