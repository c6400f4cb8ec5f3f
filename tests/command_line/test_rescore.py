"""`leadsift rescore` scores the open leads of the store, and an erased lead is learned from no more."""

import json
import shutil
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from features.config import load_config
from features.sources import read_training_tables
from features.store import open_store
from features.store.erasure import erase_lead
from features.store.ledger import newest_scores
from features.store.worklist import WorklistFilter, open_leads, rank_open_leads
from tests.command_line.conftest import run_command

NOW = datetime(2026, 3, 15, tzinfo=UTC)


@pytest.fixture
def config(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the config of a company whose store was filled from its files, and is what it learns from."""
    monkeypatch.setenv("LEADSIFT_LEADS_SOURCE", "store")
    return Path(shutil.copytree(filled, tmp_path / "company")) / "leadsift.toml"


@pytest.mark.slow
def test_all_open_leads_are_scored_and_a_second_run_changes_next_to_nothing(config: Path) -> None:
    first, second = (json.loads(run_command("rescore", "-c", config, "--json", "-").out) for _ in range(2))
    with closing(open_store(load_config(config).store.url)) as store, store.reading() as connection:
        ranking = rank_open_leads(connection, WorklistFilter(), best=1, drawn=0, drawn_share=0)
        best = open_leads(connection, ranking.best)[0].score
        assert newest_scores(connection, [best.lead_id]) == {best.lead_id: best}
    assert first["scored"] == first["changed"] == second["scored"] == ranking.leads > 0
    assert ranking.unscored == 0
    assert second["changed"] < first["changed"] / 10
    assert (first["went_on"], first["model_version"]) == (False, "1")
    said = run_command("rescore", "-c", config)
    assert said.out.startswith(f"{ranking.leads:,} open leads scored with version 1; ")


@pytest.mark.slow
def test_the_next_training_leaves_an_erased_lead_out_and_an_import_does_not_bring_it_back(config: Path) -> None:
    settings = load_config(config)
    before = read_training_tables(settings).leads["lead_id"]
    with closing(open_store(settings.store.url)) as store, store.writing() as connection:
        assert erase_lead(connection, before[0], NOW)
    assert run_command("import", "-c", config).code == 0
    tables = read_training_tables(settings)
    assert set(before) - set(tables.leads["lead_id"]) == {before[0]}
    assert before[0] not in set(tables.events["lead_id"])
