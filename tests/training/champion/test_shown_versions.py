"""The store's versions are the registry's, whatever became of them; a store that is away stops nothing."""

import shutil
from pathlib import Path

import pytest
from mlflow import MlflowClient

from features.config import Config, load_config
from features.store import Store, open_store
from features.store.model_versions import ModelVersion, Status, all_versions
from training.champion.grade_changes import GradeChanges
from training.champion.shown_versions import Told, keep_shown, show_versions
from training.records.registry import Registry

NAME = "lead-score"
CHANGES = GradeChanges("1", "new", 5, ((3, 1), (0, 1)), ((5, 0), (0, 0)), ((1, 0, 0, 0), (0, 4, 0, 0)))


@pytest.fixture(scope="module")
def registry(mlflow_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Registry:
    """Give a registry of five versions: taken back, before, champion, challenger, and one that never was anything.

    It is only read: what is shown is written into the store.
    """
    folder = tmp_path_factory.mktemp("registry")
    uri = f"sqlite:///{shutil.copy(mlflow_template, folder / 'mlflow.db')}"
    client = MlflowClient(uri, uri)
    client.create_registered_model(NAME)
    for number in range(1, 6):
        tags = {"roc_auc": f"0.7{number}", "promotion.who": "ana", "promotion.why": "not surely better"}
        client.create_model_version(NAME, str(folder), tags=tags)
    registry = Registry(uri, NAME)
    registry.promote("2", "ana", "first")
    registry.promote("1", "ana", "better")
    registry.rollback("ben", "complaints")
    registry.promote("3", "ana", "better still")
    registry.set_challenger("4")
    return registry


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "leadsift.toml").write_text("", encoding="utf-8")
    return load_config(tmp_path / "leadsift.toml")


def shown(store: Store) -> dict[str, ModelVersion]:
    with store.reading() as connection:
        return {version.version: version for version in all_versions(connection)}


def test_each_version_is_shown_as_what_it_is_with_the_last_decision_on_it(registry: Registry, config: Config) -> None:
    show_versions(config, registry, Told("3", {"roc_auc": 0.9, "leads": 7}, CHANGES))
    found = shown(open_store(config.store.url))
    assert {number: version.status for number, version in found.items()} == {
        "1": Status.TAKEN_BACK,
        "2": Status.PREVIOUS,
        "3": Status.CHAMPION,
        "4": Status.CHALLENGER,
        "5": Status.NOT_PROMOTED,
    }
    assert (found["1"].who, found["1"].why) == ("ben", "complaints")
    assert (found["3"].who, found["3"].why) == ("ana", "better still")
    assert (found["5"].who, found["5"].why) == ("ana", "not surely better")
    assert found["5"].promoted_at is None
    assert found["3"].promoted_at is not None


def test_quality_and_changes_are_those_told_else_the_registrys_headline(registry: Registry, config: Config) -> None:
    show_versions(config, registry, Told("3", {"roc_auc": 0.9, "leads": 7}, CHANGES))
    store = open_store(config.store.url)
    keep_shown(store, registry)
    found = shown(store)
    assert found["3"].quality == {"roc_auc": 0.9, "leads": 7}
    assert found["4"].quality == {"roc_auc": 0.74}
    assert found["4"].changes is None
    changes = found["3"].changes
    assert changes is not None
    assert (changes["from"], changes["to"], changes["fit"]["changed"]) == ("1", "3", 1)


def test_a_store_that_cannot_be_used_is_said_and_stops_nothing(
    registry: Registry, config: Config, capsys: pytest.CaptureFixture[str]
) -> None:
    (config.root / ".leadsift" / "leadsift.db").mkdir(parents=True)
    show_versions(config, registry, Told("3"))
    assert "The pages do not show this change of the model until the store can be used: the store" in (
        capsys.readouterr().err
    )
