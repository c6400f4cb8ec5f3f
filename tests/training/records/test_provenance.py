"""Fingerprints of data and code."""

import subprocess
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest

from features.tables import INSTANT, OUTCOMES_SCHEMA, Tables, no_events
from training.records.provenance import data_hash, git_commit, library_versions, table_hash

LEADS = pl.DataFrame(
    {
        "lead_id": ["a", "b", "c"],
        "as_of": [datetime(2026, 3, 1, tzinfo=UTC), None, datetime(2026, 3, 2, tzinfo=UTC)],
        "label": [1, 0, None],
        "attr:sector": ["ab", "", None],
        "attr:größe": [1.5, None, 0.0],
    },
    schema_overrides={"as_of": INSTANT, "label": pl.Int8},
)


def tables(leads: pl.DataFrame = LEADS, outcomes: pl.DataFrame | None = None) -> Tables:
    return Tables(leads=leads, events=no_events(), outcomes=outcomes, attributes=(), known_until=None)


def test_equal_tables_have_equal_hashes_however_they_are_held_in_memory() -> None:
    in_pieces = pl.concat([LEADS[:1], LEADS[1:]], rechunk=False)

    assert table_hash(in_pieces) == table_hash(LEADS.select(reversed(LEADS.columns))) == table_hash(LEADS)


@pytest.mark.parametrize(
    "changed",
    [
        LEADS.reverse(),
        LEADS[:2],
        LEADS.drop("label"),
        LEADS.rename({"label": "Label"}),
        LEADS.with_columns(pl.col("label").fill_null(0)),
        LEADS.with_columns(pl.col("label").cast(pl.Int16)),
        LEADS.with_columns(pl.col("attr:größe").fill_null(0.0)),
        LEADS.with_columns(pl.col("attr:sector").fill_null("")),
        LEADS.with_columns(pl.Series("attr:sector", ["a", "b", None])),
        LEADS.with_columns(pl.col("as_of").dt.offset_by("1us")),
    ],
)
def test_any_change_of_a_table_changes_its_hash(changed: pl.DataFrame) -> None:
    assert table_hash(changed) != table_hash(LEADS)
    assert data_hash(tables(changed)) != data_hash(tables())


def test_outcomes_are_part_of_the_data() -> None:
    assert data_hash(tables(outcomes=pl.DataFrame(schema=OUTCOMES_SCHEMA))) != data_hash(tables())


def test_the_hash_is_the_same_in_every_release() -> None:
    assert data_hash(tables()) == "f1601bc42107b8e5a276bfaa1ce30a9eedf8d9eb36c63fb20f6afc9f5dd65953"


def git(folder: Path, *words: str) -> str:
    settings = ["-c", "user.name=Ann", "-c", "user.email=ann@acme.example", "-c", "core.hooksPath=/dev/null"]
    return subprocess.run(["git", "-C", folder, *settings, *words], check=True, capture_output=True, text=True).stdout


def test_the_commit_of_a_checkout_is_found_from_a_folder_in_it_with_a_mark_where_files_differ(tmp_path: Path) -> None:
    (tmp_path / "acme").mkdir()
    (tmp_path / "acme" / "leadsift.toml").write_text("")
    git(tmp_path, "init")
    assert git_commit(tmp_path / "acme") == "unknown"
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-m", "Begin")
    git(tmp_path, "tag", "-a", "-m", "First", "v1")
    head = git(tmp_path, "rev-parse", "HEAD").strip()

    assert git_commit(tmp_path / "acme") == head
    (tmp_path / "acme" / "leadsift.toml").write_text("changed")
    assert git_commit(tmp_path / "acme") == f"{head}-dirty"


def test_no_checkout_and_no_git_give_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert git_commit(tmp_path) == "unknown"
    monkeypatch.setenv("PATH", "")
    assert git_commit(Path.cwd()) == "unknown"


def test_versions_name_python_and_the_libraries_that_numbers_depend_on() -> None:
    versions = library_versions()

    assert versions["polars"] == pl.__version__
    assert {"python", "lightgbm", "scikit-learn", "mlflow"} <= versions.keys()
