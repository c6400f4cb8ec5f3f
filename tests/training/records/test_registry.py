"""The registry, on a real database of MLflow."""

import shutil
from pathlib import Path

import pytest
from mlflow import MlflowClient

from features.errors import StoreError
from training.records.champions import ChangeKind
from training.records.registry import Registry

NAME = "lead-score"


@pytest.fixture
def client(tracking_uri: str) -> MlflowClient:
    return MlflowClient(tracking_uri, tracking_uri)


@pytest.fixture
def registry(tracking_uri: str) -> Registry:
    return Registry(tracking_uri, NAME)


def register(client: MlflowClient, versions: int, folder: Path) -> None:
    client.create_registered_model(NAME)
    for number in range(1, versions + 1):
        source = folder / f"bundle {number}"
        source.mkdir()
        (source / "manifest.json").write_text(f"bundle {number}")
        tags = {"log_loss": f"0.{number}", "bundle_digest": f"digest {number}"}
        client.create_model_version(NAME, str(source), tags=tags)


def test_nothing_is_there_before_the_first_training_and_reading_makes_no_database(tmp_path: Path) -> None:
    registry = Registry(f"sqlite:///{tmp_path}/mlflow.db", NAME)

    assert registry.versions() == ()
    assert registry.champion() is None
    assert registry.changes() == ()
    with pytest.raises(StoreError, match=r"there is no model 'lead-score' yet; make one with: leadsift train"):
        registry.version("1")
    assert list(tmp_path.iterdir()) == []


def test_versions_come_newest_first_with_numbers_as_text(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 11, tmp_path)
    client.set_registered_model_alias(NAME, "champion", "10")
    client.set_registered_model_alias(NAME, "before_easter", "10")

    versions = registry.versions()

    assert [version.number for version in versions] == [str(number) for number in range(11, 0, -1)]
    assert versions[1].aliases == ("before_easter", "champion")
    assert versions[1].metrics == {"log_loss": 0.10}
    assert versions[1].digest == "digest 10"
    assert registry.champion() == versions[1] == registry.version("champion") == registry.version("10")


def test_versions_beyond_one_page_are_all_found(
    client: MlflowClient, registry: Registry, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(client, 5, tmp_path)
    monkeypatch.setattr("training.records.registry._PAGE", 2)

    assert [version.number for version in registry.versions()] == ["5", "4", "3", "2", "1"]


def test_an_unknown_version_or_alias_is_answered_with_what_is_near_or_known(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 2, tmp_path)
    registry.promote("2", "Ann", "first")

    with pytest.raises(StoreError, match=r"model 'lead-score' has no version 'chmpion'; did you mean 'champion'\?"):
        registry.version("chmpion")
    with pytest.raises(StoreError, match=r"has no version '77'; known are: 'champion', '2', '1'"):
        registry.promote("77", "Ann", "a slip")


def test_promoting_moves_the_alias_and_notes_who_and_why(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 2, tmp_path)

    promoted = registry.promote("2", "Ann", "better log loss")

    assert promoted.aliases == ("champion",)
    assert registry.champion() == promoted
    assert [(each.version, each.kind, each.who, each.why) for each in registry.changes()] == [
        ("2", ChangeKind.PROMOTE, "Ann", "better log loss")
    ]


def test_promoting_the_champion_again_changes_nothing(client: MlflowClient, registry: Registry, tmp_path: Path) -> None:
    register(client, 1, tmp_path)
    registry.promote("1", "Ann", "first")
    registry.promote("champion", "Ann", "again")

    assert len(registry.changes()) == 1


def test_a_challenger_that_is_promoted_is_the_challenger_no_more(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 2, tmp_path)
    registry.promote("1", "Ann", "first")
    challenger = registry.set_challenger("2")
    assert registry.challenger() == challenger

    assert registry.promote("challenger", "Ann", "won").aliases == ("champion",)
    assert registry.challenger() is None


def test_rollbacks_go_back_one_champion_at_a_time_to_the_first(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 4, tmp_path)
    for number in ("1", "3", "4"):
        registry.promote(number, "Ann", "try")

    assert [registry.rollback("Ben", "complaints").number for _ in range(2)] == ["3", "1"]
    with pytest.raises(
        StoreError, match=r"no earlier champion to roll back to; choose a version with: leadsift promote"
    ):
        registry.rollback("Ben", "complaints")
    champion = registry.champion()
    assert champion is not None
    assert champion.number == "1"


def test_a_rollback_passes_over_versions_that_were_deleted(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 3, tmp_path)
    for number in ("1", "2", "3"):
        registry.promote(number, "Ann", "try")
    client.delete_model_version(NAME, "2")

    assert registry.rollback("Ben", "complaints").number == "1"


def test_an_alias_moved_in_mlflow_itself_is_rolled_back_like_any_other(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 4, tmp_path)
    registry.promote("1", "Ann", "first")
    client.set_registered_model_alias(NAME, "champion", "2")
    assert registry.rollback("Ben", "who did that?").number == "1"

    client.set_registered_model_alias(NAME, "champion", "3")
    registry.promote("4", "Ann", "newest")
    assert registry.rollback("Ben", "complaints").number == "3"


def test_a_rollback_stopped_before_it_was_noted_is_not_undone_by_the_next(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 3, tmp_path)
    for number in ("1", "2", "3"):
        registry.promote(number, "Ann", "try")
    client.set_registered_model_alias(NAME, "champion", "2")

    assert registry.rollback("Ben", "complaints").number == "1"


def test_a_bundle_is_downloaded_by_number_and_by_alias(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 2, tmp_path)
    registry.promote("1", "Ann", "first")

    for name, content in (("2", "bundle 2"), ("champion", "bundle 1")):
        folder = registry.download(name, tmp_path / f"copy of {name}")
        assert (folder / "manifest.json").read_text() == content


def test_a_version_whose_files_are_gone_is_said(client: MlflowClient, registry: Registry, tmp_path: Path) -> None:
    register(client, 1, tmp_path)
    shutil.rmtree(tmp_path / "bundle 1")

    with pytest.raises(StoreError, match=r"files of version 1 of .* cannot be fetched from .*bundle 1; promote"):
        registry.download("1", tmp_path / "copy")


def test_a_dead_server_is_said_within_seconds() -> None:
    with pytest.raises(StoreError, match=r"MLflow at http://127\.0\.0\.1:9: .*"):
        Registry("http://127.0.0.1:9", NAME).versions()


def test_the_best_version_is_remembered_until_it_is_deleted(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    assert registry.best() is None
    register(client, 2, tmp_path)
    assert registry.best() is None
    registry.set_best("2")
    best = registry.best()
    assert best is not None
    assert best.number == "2"
    client.delete_model_version(NAME, "2")
    assert registry.best() is None


def test_a_version_that_is_taken_back_is_the_best_no_more(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 2, tmp_path)
    for number in ("1", "2"):
        registry.promote(number, "Ann", "try")
    registry.set_best("2")
    registry.rollback("Ben", "complaints")
    best = registry.best()
    assert best is not None
    assert best.number == "1"


def test_a_rollback_leaves_a_best_version_alone_that_was_not_taken_back(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 3, tmp_path)
    for number in ("1", "3"):
        registry.promote(number, "Ann", "try")
    registry.set_best("2")
    registry.rollback("Ben", "complaints")
    best = registry.best()
    assert best is not None
    assert best.number == "2"


def test_versions_say_who_crowned_them_and_who_took_them_back_and_why(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 2, tmp_path)
    promoted = registry.promote("1", "Ann", "first")
    registry.promote("2", "Ann", "better")
    registry.rollback("Ben", "complaints")

    first, second = registry.version("1").tags, registry.version("2").tags
    assert (promoted.tags["champion.who"], promoted.tags["champion.why"]) == ("Ann", "first")
    assert (first["champion.who"], first["champion.why"], first["champion.kind"]) == ("Ben", "complaints", "rollback")
    assert (second["champion.who"], second["champion.why"]) == ("Ann", "better")
    assert (second["taken_back.who"], second["taken_back.why"]) == ("Ben", "complaints")
    assert second["champion.at"] < second["taken_back.at"]


def test_the_run_of_a_version_says_the_same_and_a_deleted_run_is_no_obstacle(
    client: MlflowClient, registry: Registry, tmp_path: Path
) -> None:
    register(client, 1, tmp_path)
    runs = [client.create_run("0").info.run_id for _ in range(2)]
    for run_id in runs:
        client.create_model_version(NAME, str(tmp_path), run_id)
    client.delete_run(runs[1])

    registry.promote("2", "Ann", "better")
    registry.promote("3", "Ann", "better still")

    assert client.get_run(runs[0]).data.tags["champion.why"] == "better"
    assert registry.version("3").tags["champion.why"] == "better still"
