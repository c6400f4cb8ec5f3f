"""Partitions hold what reading whole gives, lead by lead; they are written once, and used only while they are right."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from features.catalog import build_catalog, known_event_types
from features.compute import feature_table
from features.config import Config, load_config
from features.errors import DataError
from features.labels import label_leads
from features.partitions import PLACE, Partitions, partition_scoring_files, partition_training_files
from features.partitions.manifest import FILE
from features.simulation import simulate, write_company
from features.sources import read_scoring_tables, read_training_tables
from features.tables import Tables
from tests.features.partitions.conftest import Small

NOW = datetime(2026, 7, 1, tzinfo=UTC)


def silent(step: str, share: float) -> None:
    """Watch no progress."""


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("company")
    write_company(simulate(700, 12, seed=5), folder)
    return folder


@pytest.fixture
def config(company: Path) -> Config:
    return load_config(company / "leadsift.toml")


@pytest.fixture
def several(small_parts: Small) -> None:
    small_parts(150, 3_000, 1_100)


def parts_of(partitions: Partitions) -> list[Tables]:
    return [partitions.read(number) for number in range(partitions.parts)]


def in_order(frames: list[pl.DataFrame]) -> pl.DataFrame:
    return pl.concat(frames).sort(PLACE).drop(PLACE)


def same_rows(frames: list[pl.DataFrame], whole: pl.DataFrame) -> None:
    rows = pl.concat(frames)
    assert_frame_equal(rows.sort(rows.columns), whole.sort(whole.columns))


@pytest.mark.usefixtures("several")
def test_all_parts_together_are_the_tables_read_whole(config: Config, tmp_path: Path) -> None:
    partitions, whole = partition_training_files(config, tmp_path / "parts", silent), read_training_tables(config)
    parts = parts_of(partitions)
    assert len(parts) == 5
    assert_frame_equal(in_order([part.leads for part in parts]), whole.leads)
    same_rows([part.events for part in parts], whole.events)
    assert whole.outcomes is not None
    same_rows([part.outcomes for part in parts if part.outcomes is not None], whole.outcomes)
    assert (partitions.leads, partitions.events) == (whole.leads.height, whole.events.height)
    for part in parts:
        assert replace(part, leads=whole.leads, events=whole.events, outcomes=whole.outcomes) == whole


@pytest.mark.usefixtures("several")
def test_features_and_labels_of_parts_are_those_of_the_whole_to_the_last_bit(config: Config, tmp_path: Path) -> None:
    parts, whole = parts_of(partition_training_files(config, tmp_path / "parts", silent)), read_training_tables(config)
    catalog = build_catalog(whole.attributes, known_event_types(whole.leads, whole.events))

    def worked(tables: Tables) -> pl.DataFrame:
        features = feature_table(tables.leads, tables.events, catalog)
        return features.with_columns(label_leads(tables, config.label.horizon_days).fate)

    together = in_order([worked(part).with_columns(part.leads[PLACE]) for part in parts])
    assert_frame_equal(together, worked(whole), check_exact=True)


@pytest.mark.usefixtures("several")
def test_a_lead_is_in_one_part_with_all_its_rows_in_the_files_order(config: Config, tmp_path: Path) -> None:
    parts, whole = parts_of(partition_training_files(config, tmp_path / "parts", silent)), read_training_tables(config)
    for part in parts:
        own = part.leads["lead_id"].implode()
        assert part.events["lead_id"].is_in(own).all()
        assert_frame_equal(part.events, whole.events.filter(pl.col("lead_id").is_in(own)))
        assert part.leads[PLACE].is_sorted()


@pytest.mark.usefixtures("several")
def test_files_to_score_are_cut_as_they_are_read_whole(config: Config, tmp_path: Path) -> None:
    attributes = read_training_tables(config).attributes
    leads, events = tmp_path / "leads.csv", tmp_path / "events.csv"
    pl.read_parquet(config.root / "leads.parquet").sample(400, seed=1, shuffle=True).write_csv(leads)
    pl.read_parquet(config.root / "events.parquet").write_csv(events)
    partitions = partition_scoring_files(
        config, leads, events, attributes, now=NOW, folder=tmp_path / "parts", progress=silent
    )
    whole, parts = read_scoring_tables(config, leads, events, attributes, NOW), parts_of(partitions)
    assert_frame_equal(in_order([part.leads for part in parts]), whole.leads)
    same_rows([part.events for part in parts], whole.events)
    assert partitions.notes == whole.notes
    assert any("events of leads that are not in the leads file" in note.detail for note in whole.notes)


def test_a_lead_without_events_or_outcomes_files_is_read_too(tmp_path: Path) -> None:
    (tmp_path / "leads.csv").write_text("size,won\n3,yes\n4,no\n")
    toml = '[leads]\nfile = "leads.csv"\nlabel = { column = "won", positive = ["yes"] }\n'
    (tmp_path / "leadsift.toml").write_text(toml)
    partitions = partition_training_files(load_config(tmp_path / "leadsift.toml"), tmp_path / "parts", silent)
    tables = partitions.read(0)
    assert tables.leads["label"].to_list() == [1, 0]
    assert (tables.events.height, tables.outcomes, tables.known_until) == (0, None, None)


def test_partitions_are_written_once_and_used_again(config: Config, tmp_path: Path) -> None:
    first = partition_training_files(config, tmp_path / "parts", silent)
    steps: list[str] = []
    again = partition_training_files(config, tmp_path / "parts", lambda step, _: steps.append(step))
    assert (again, steps) == (first, [])


def _touch(company: Path, config: Config) -> Config:
    events = company / "events.parquet"
    os.utime(events, ns=(events.stat().st_atime_ns, events.stat().st_mtime_ns + 1))
    return config


def _other_zone(_: Path, config: Config) -> Config:
    return config.model_copy(update={"company": config.company.model_copy(update={"timezone": "Asia/Tokyo"})})


@pytest.mark.parametrize("change", [_touch, _other_zone])
def test_a_changed_file_or_setting_makes_them_anew(
    company: Path, config: Config, tmp_path: Path, change: Callable[[Path, Config], Config]
) -> None:
    partition_training_files(config, tmp_path / "parts", silent)
    steps: list[str] = []
    partition_training_files(change(company, config), tmp_path / "parts", lambda step, _: steps.append(step))
    assert "Reading leads" in steps


@pytest.mark.parametrize("text", ["", "{", "[]", "{}"])
def test_a_folder_without_a_whole_manifest_is_made_anew(config: Config, tmp_path: Path, text: str) -> None:
    first = partition_training_files(config, tmp_path / "parts", silent)
    (tmp_path / "parts" / FILE).write_text(text)
    (first.part(0) / "events.parquet").write_bytes(b"half of")
    assert partition_training_files(config, tmp_path / "parts", silent).read(0).events.height > 0


def test_work_that_is_cut_off_leaves_the_older_partitions_and_nothing_else(config: Config, tmp_path: Path) -> None:
    first = partition_training_files(config, tmp_path / "parts", silent)

    def cut_off(step: str, _: float) -> None:
        if step == "Reading outcomes":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        partition_training_files(_other_zone(tmp_path, config), tmp_path / "parts", cut_off)
    assert [path.name for path in tmp_path.iterdir()] == ["parts"]
    assert partition_training_files(config, tmp_path / "parts", silent) == first


def test_a_full_disk_is_said_and_leaves_nothing(config: Config, tmp_path: Path) -> None:
    def full(step: str, _: float) -> None:
        if step == "Checking events":
            raise OSError(28, "No space left on device")

    with pytest.raises(DataError, match=r"parts: cannot be written \(No space left on device\); make room there"):
        partition_training_files(config, tmp_path / "parts", full)
    assert list(tmp_path.iterdir()) == []
