"""The published folder: whole bundles only, whatever happens to the publisher."""

import itertools
import os
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import orjson
import pytest

from features.errors import BundleError
from serving.model.bundle import bundle_digest
from serving.published import KEPT, Published, current, kept, looked_at, note_look, publish


class Killed(BaseException):
    """Stands for the process ending here."""


def make_bundle(folder: Path, content: str) -> Path:
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(content)
    (folder / "checksums.json").write_text(f"sums of {content}")
    return folder


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


def content_of_current(root: Path) -> dict[str, str]:
    published = current(root)
    assert published is not None
    assert bundle_digest(published.path) == published.digest
    return contents(published.path)


def kill_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the process end at the n-th operation of the file system that publishing does."""
    count = itertools.count()

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            if next(count) == step:
                raise Killed
            return real(*args, **kwargs)

        return call

    monkeypatch.setattr(os, "fsync", counted(os.fsync))
    monkeypatch.setattr(shutil, "copytree", counted(shutil.copytree))
    monkeypatch.setattr(shutil, "copy2", counted(shutil.copy2))
    monkeypatch.setattr(shutil, "rmtree", counted(shutil.rmtree))
    monkeypatch.setattr(Path, "rename", counted(Path.rename))
    monkeypatch.setattr(Path, "replace", counted(Path.replace))
    monkeypatch.setattr(Path, "write_bytes", counted(Path.write_bytes))


def test_nothing_is_current_before_anything_was_published(tmp_path: Path) -> None:
    assert current(tmp_path / "never made") is None


def test_what_was_published_is_current_and_equal_to_the_bundle(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle", "first")

    published = publish(bundle, tmp_path / "root", "7")

    digest = bundle_digest(bundle)
    assert published == Published("7", tmp_path / "root" / f"7-{digest[:8]}", digest)
    assert current(tmp_path / "root") == published
    assert contents(published.path) == contents(bundle)


def test_publishing_the_same_again_copies_nothing(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle", "first")
    before = publish(bundle, tmp_path / "root", "7").path.stat().st_ino

    assert publish(bundle, tmp_path / "root", "7").path.stat().st_ino == before


def test_an_older_version_can_become_current_again(tmp_path: Path) -> None:
    first, second = make_bundle(tmp_path / "a", "first"), make_bundle(tmp_path / "b", "second")
    root = tmp_path / "root"
    for bundle, version in ((first, "1"), (second, "2"), (first, "1")):
        publish(bundle, root, version)

    assert content_of_current(root) == contents(first)


def test_a_published_folder_that_was_damaged_is_mended_by_publishing_again(tmp_path: Path) -> None:
    bundle = make_bundle(tmp_path / "bundle", "first")
    (publish(bundle, tmp_path / "root", "1").path / "manifest.json").write_text("damaged")

    publish(bundle, tmp_path / "root", "1")

    assert content_of_current(tmp_path / "root") == contents(bundle)


def test_only_the_last_few_bundles_stay_and_foreign_files_are_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "root"
    make_bundle(root / "photographs", "of someone else")
    folders = [
        publish(make_bundle(tmp_path / str(n), f"bundle {n}"), root, str(n)).path.name for n in range(1, KEPT + 3)
    ]

    assert sorted(path.name for path in root.iterdir() if path.is_dir()) == sorted([*folders[-KEPT:], "photographs"])


def test_publishing_killed_at_any_step_leaves_the_old_or_the_new_bundle_and_the_next_one_clears_up(
    tmp_path: Path,
) -> None:
    old, new = make_bundle(tmp_path / "old", "old"), make_bundle(tmp_path / "new", "new")
    outcomes = []
    for step in itertools.count():
        root = tmp_path / f"root {step}"
        for n in range(KEPT):
            publish(make_bundle(tmp_path / f"older {step} {n}", f"older {n}"), root, f"0.{n}")
        publish(old, root, "1")
        with pytest.MonkeyPatch.context() as patched:
            kill_at(step, patched)
            try:
                publish(new, root, "2")
                break
            except Killed:
                pass
        outcomes.append(content_of_current(root)["manifest.json"])
        publish(new, root, "2")
        assert content_of_current(root) == contents(new)
        assert not (root / ".staging").exists()
        assert sum(path.is_dir() for path in root.iterdir()) == KEPT

    assert len(outcomes) > 8
    assert outcomes == sorted(outcomes, reverse=True), "once the new bundle is current it stays so"
    assert set(outcomes) == {"old", "new"}


def test_two_publishers_at_once_do_not_harm_each_other(tmp_path: Path) -> None:
    bundles = {version: make_bundle(tmp_path / version, f"bundle {version}") for version in ("1", "2")}
    root = tmp_path / "root"
    with ThreadPoolExecutor(2) as publishers:
        list(publishers.map(lambda version: publish(bundles[version], root, version), ["1", "2"] * 20))

    published = current(root)
    assert published is not None
    assert content_of_current(root) == contents(bundles[published.version])


def test_earlier_versions_are_found_as_long_as_they_are_kept(tmp_path: Path) -> None:
    root = tmp_path / "published"
    assert kept(root, "1") is None
    folders = {
        version: publish(make_bundle(tmp_path / version, version), root, version).path
        for version in ("1", "1-a", "2", "3")
    }
    assert [kept(root, version) for version in ("1", "1-a", "2", "3", "4")] == [
        None,
        folders["1-a"],
        folders["2"],
        folders["3"],
        None,
    ]


@pytest.mark.parametrize("version", ["", "../1", "1/2", ".hidden", "a b"])
def test_a_version_that_cannot_be_a_folder_name_is_refused(tmp_path: Path, version: str) -> None:
    with pytest.raises(BundleError, match=r"cannot be published as a version; use letters, digits"):
        publish(make_bundle(tmp_path / "bundle", "first"), tmp_path / "root", version)


def test_a_folder_without_a_bundle_is_refused_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with pytest.raises(BundleError, match=r"checksums\.json: cannot be read"):
        publish(tmp_path, tmp_path / "root", "1")
    assert not (tmp_path / "root").exists()


@pytest.mark.parametrize(
    "pointer",
    [
        b"",
        b"{",
        b"[]",
        b'{"version":"1","digest":"d","folders":[]}',
        b'{"version":"1","digest":"d","folders":["../x"]}',
    ],
)
def test_a_damaged_pointer_is_said_and_mended_by_publishing_again(tmp_path: Path, pointer: bytes) -> None:
    (tmp_path / "root").mkdir()
    (tmp_path / "root" / "current.json").write_bytes(pointer)

    with pytest.raises(BundleError, match=r"current\.json is damaged; delete it and publish the model again"):
        current(tmp_path / "root")
    bundle = make_bundle(tmp_path / "bundle", "first")
    publish(bundle, tmp_path / "root", "1")
    assert content_of_current(tmp_path / "root") == contents(bundle)


def test_a_pointer_to_a_folder_that_is_gone_is_said(tmp_path: Path) -> None:
    published = publish(make_bundle(tmp_path / "bundle", "first"), tmp_path, "1")
    shutil.rmtree(published.path)

    with pytest.raises(BundleError, match=r"which is not there; publish the model again"):
        current(tmp_path)


def test_the_pointer_is_readable_by_people(tmp_path: Path) -> None:
    publish(make_bundle(tmp_path / "bundle", "first"), tmp_path / "root", "7")

    assert orjson.loads((tmp_path / "root" / "current.json").read_bytes())["version"] == "7"


def test_when_the_registry_last_answered_is_known_from_its_first_answer_on(tmp_path: Path) -> None:
    root = tmp_path / "published"
    assert looked_at(root) is None
    note_look(root)
    first = looked_at(root)
    assert first is not None
    os.utime(root / ".looked", (0, 0))
    note_look(root)
    again = looked_at(root)
    assert again is not None
    assert again >= first
