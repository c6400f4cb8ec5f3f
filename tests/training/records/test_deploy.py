"""From the registry to the published folder: only sound bundles, only when there is work."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from mlflow import MlflowClient

from features.errors import BundleError
from serving.published import current
from training.records.deploy import publish_champion, verify_apart
from training.records.record import RecordedVersion, Tracking, TrainingRecord, record_training
from training.records.registry import Registry

Recorded = Callable[[str], RecordedVersion]


class Verifier:
    """Takes every bundle, or none where there is a refusal, and counts."""

    def __init__(self, refusal: str | None = None) -> None:
        self.seen: list[str] = []
        self.refusal = refusal

    def __call__(self, bundle: Path) -> None:
        """Verify a bundle."""
        self.seen.append((bundle / "manifest.json").read_text())
        if self.refusal is not None:
            raise BundleError(f"{bundle / self.refusal}")


@pytest.fixture
def registry(tracking: Tracking) -> Registry:
    """Give the registry that the models are recorded in."""
    return Registry(tracking.uri, tracking.model_name)


@pytest.fixture
def recorded(tracking: Tracking, training_record: TrainingRecord, make_bundle: Callable[[str], Path]) -> Recorded:
    """Give what records a model of the content named, without pictures, as the next version."""

    def record(content: str) -> RecordedVersion:
        return record_training(tracking, replace(training_record, bundle=make_bundle(content), pictures={}))

    return record


def test_without_a_champion_nothing_is_published(registry: Registry, recorded: Recorded, tmp_path: Path) -> None:
    recorded("a model")

    assert publish_champion(registry, tmp_path / "root", Verifier()) is None
    assert current(tmp_path / "root") is None


def test_the_champion_is_verified_and_published_once(registry: Registry, recorded: Recorded, tmp_path: Path) -> None:
    version, verifier = recorded("a model"), Verifier()
    registry.promote(version.number, "Ann", "first")

    first = publish_champion(registry, tmp_path / "root", verifier)
    again = publish_champion(registry, tmp_path / "root", verifier)

    assert first == again == current(tmp_path / "root")
    assert first is not None
    assert (first.version, first.digest) == (version.number, version.digest)
    assert verifier.seen == ["a model"]


def test_moving_the_alias_publishes_the_other_version(registry: Registry, recorded: Recorded, tmp_path: Path) -> None:
    for content in ("old", "new"):
        registry.promote(recorded(content).number, "Ann", "newest")
        publish_champion(registry, tmp_path / "root", Verifier())
    registry.rollback("Ben", "complaints")

    published = publish_champion(registry, tmp_path / "root", Verifier())

    assert published is not None
    assert published.version == "1"
    assert (published.path / "manifest.json").read_text() == "old"


def test_a_bundle_that_does_not_verify_leaves_the_last_good_one(
    registry: Registry, recorded: Recorded, tmp_path: Path
) -> None:
    registry.promote(recorded("good").number, "Ann", "first")
    good = publish_champion(registry, tmp_path / "root", Verifier())
    registry.promote(recorded("bad").number, "Ann", "newest")

    with pytest.raises(BundleError, match=r"^bundle of version 2/trees-1\.txt is cut off$"):
        publish_champion(registry, tmp_path / "root", Verifier(refusal="trees-1.txt is cut off"))
    assert current(tmp_path / "root") == good


def test_files_other_than_those_recorded_are_refused_before_they_are_read(
    registry: Registry, recorded: Recorded, tmp_path: Path
) -> None:
    version, verifier = recorded("a model"), Verifier()
    registry.promote(version.number, "Ann", "first")
    source = MlflowClient(registry.tracking_uri, registry.tracking_uri).get_model_version_download_uri(
        "lead-score", version.number
    )
    (Path(source) / "checksums.json").write_text("sums of another")

    with pytest.raises(BundleError, match=r"files of version 1 are not those that were recorded; train again"):
        publish_champion(registry, tmp_path / "root", verifier)
    assert verifier.seen == []


def test_a_damaged_published_folder_is_mended(registry: Registry, recorded: Recorded, tmp_path: Path) -> None:
    registry.promote(recorded("a model").number, "Ann", "first")
    publish_champion(registry, tmp_path / "root", Verifier())
    (tmp_path / "root" / "current.json").write_text("{")

    published = publish_champion(registry, tmp_path / "root", Verifier())

    assert published is not None
    assert current(tmp_path / "root") == published


def test_a_foreign_bundle_is_refused_by_the_process_that_verifies(make_bundle: Callable[[str], Path]) -> None:
    with pytest.raises(BundleError, match=r"checksums\.json: .*not of the format 'leadsift-bundle/1'"):
        verify_apart(make_bundle("something else"))


def test_a_verifying_process_that_crashes_is_a_refusal(
    make_bundle: Callable[[str], Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    crashing = tmp_path / "python"
    crashing.write_text("#!/bin/sh\nkill -SEGV $$\n")
    crashing.chmod(0o755)
    monkeypatch.setattr("sys.executable", str(crashing))

    with pytest.raises(BundleError, match=r"reading the bundle ended with code -11; train again"):
        verify_apart(make_bundle("a model"))
