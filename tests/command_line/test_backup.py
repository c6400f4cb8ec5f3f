"""`leadsift backup` and `leadsift restore` copy the embedded store and bring it back."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from features.config import load_config
from features.store import open_store
from features.store.leads import put_lead
from features.store.schema import leads
from tests.command_line.conftest import run_command

NOW = datetime(2026, 3, 15, tzinfo=UTC)


@pytest.fixture
def config(tmp_path: Path) -> Path:
    """Give the config of a company with one lead in its store."""
    config = tmp_path / "leadsift.toml"
    config.write_text('[leads]\nid = "id"\n', encoding="utf-8")
    put(config, "a")
    return config


def put(config: Path, lead_id: str) -> None:
    with closing(open_store(load_config(config).store.url)) as store, store.writing() as connection:
        put_lead(connection, lead_id, {}, handed_over_at=None, owner=None, now=NOW)


def lead_ids(config: Path) -> list[str]:
    with closing(open_store(load_config(config).store.url)) as store, store.reading() as connection:
        return list(connection.execute(select(leads.c.lead_id).order_by(leads.c.lead_id)).scalars())


def test_a_store_is_backed_up_and_brought_back(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    backed_up = run_command("backup", "-c", config, "-o", file)
    assert backed_up.code == 0, backed_up.err
    assert backed_up.out.startswith(f"1 leads are backed up in {file} (")
    put(config, "b")
    restored = json.loads(run_command("restore", file, "-c", config, "--json", "-").out)
    assert lead_ids(config) == ["a"]
    assert (restored["leads"], restored["erased_again"], restored["replaced_read"]) == (1, 0, True)
    assert Path(restored["replaced"]).is_file()


def test_a_backup_that_is_there_stays_unless_force_is_given(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    assert run_command("backup", "-c", config, "-o", file).code == 0
    refused = run_command("backup", "-c", config, "-o", file)
    assert (refused.code, "--force" in refused.err) == (1, True)
    done = json.loads(run_command("backup", "-c", config, "-o", file, "--force", "--json", "-").out)
    assert done == {"file": str(file), "bytes": file.stat().st_size, "leads": 1}


def test_a_store_in_use_is_told_in_one_line(config: Path, tmp_path: Path) -> None:
    file = tmp_path / "backup.db"
    assert run_command("backup", "-c", config, "-o", file).code == 0
    with closing(open_store(load_config(config).store.url)) as store, store.reading():
        refused = run_command("restore", file, "-c", config)
    assert (refused.code, refused.err.count("\n")) == (1, 0)
    assert "is in use; stop the service" in refused.err
