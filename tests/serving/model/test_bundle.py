"""A bundle reads back as the same model; one that is cut off, changed or foreign is refused with the reason."""

import hashlib
import json
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from features.errors import BundleError
from serving.model.bundle import CHECKSUMS, bundle_digest, read_bundle
from tests.serving.conftest import SmallModel

FILES = ["manifest.json", "linear.json", "trees-1.txt", "trees-2.txt", "evidence.json", "golden.json", CHECKSUMS]


@pytest.fixture
def copied(bundle: Path, tmp_path: Path) -> Path:
    """Give a bundle of this test's own, to be harmed."""
    return shutil.copytree(bundle, tmp_path / "bundle")


def sign_again(folder: Path) -> None:
    """Write checksums that fit the files as they are: what a forger would do."""
    sums = json.loads((folder / CHECKSUMS).read_text())
    for name in sums["files"]:
        content = (folder / name).read_bytes()
        sums["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / CHECKSUMS).write_text(json.dumps(sums))


def test_a_bundle_reads_back_as_the_same_model(small: SmallModel, bundle: Path) -> None:
    read = read_bundle(bundle, version="7")
    expected, found = small.model.score_table(small.features), read.score_table(small.features)
    np.testing.assert_array_equal(found.probability, expected.probability)
    np.testing.assert_array_equal(found.feature_points, expected.feature_points)
    assert (read.version, read.info, read.cuts, read.evidence) == (
        "7",
        small.model.info,
        small.model.cuts,
        small.model.evidence,
    )


def test_the_same_model_gives_the_same_digest(small: SmallModel, bundle: Path, tmp_path: Path) -> None:
    assert small.write(tmp_path / "again") == bundle_digest(bundle)


def test_a_bundle_is_plain_text_without_pickle(bundle: Path) -> None:
    assert sorted(path.name for path in bundle.iterdir()) == sorted(FILES)
    for path in bundle.iterdir():
        path.read_text(encoding="utf-8")


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_file_that_is_cut_off_is_refused_by_name(copied: Path, name: str, share: float) -> None:
    content = (copied / name).read_bytes()
    (copied / name).write_bytes(content[: int(share * len(content))])
    with pytest.raises(BundleError, match=name):
        read_bundle(copied, "1")


@pytest.mark.parametrize("name", FILES)
def test_a_file_that_is_missing_is_refused_by_name(copied: Path, name: str) -> None:
    (copied / name).unlink()
    with pytest.raises(BundleError, match=name):
        read_bundle(copied, "1")


def test_one_changed_digit_is_refused(copied: Path) -> None:
    text = (copied / "trees-1.txt").read_text()
    (copied / "trees-1.txt").write_text(
        text.replace("leaf_value=0.", "leaf_value=1.", 1).replace("leaf_value=-0.", "leaf_value=-1.", 1)
    )
    with pytest.raises(BundleError, match=r"trees-1.txt: its SHA-256 is not"):
        read_bundle(copied, "1")


def test_a_changed_model_with_fitting_checksums_fails_its_golden_rows(copied: Path) -> None:
    linear = json.loads((copied / "linear.json").read_text())
    linear["weights"][0] += 0.1
    (copied / "linear.json").write_text(json.dumps(linear))
    sign_again(copied)
    with pytest.raises(BundleError, match="golden row"):
        read_bundle(copied, "1")


@pytest.mark.parametrize("name", ["manifest.json", "linear.json", "trees-1.txt", "evidence.json", "golden.json"])
@pytest.mark.parametrize("content", ["", "{}", "[]", "null", "[1]", '{"format": "other/1"}'])
def test_foreign_content_with_fitting_checksums_is_refused(copied: Path, name: str, content: str) -> None:
    (copied / name).write_text(content)
    sign_again(copied)
    with pytest.raises(BundleError):
        read_bundle(copied, "1")


def test_a_name_outside_the_folder_is_refused(copied: Path) -> None:
    sums = json.loads((copied / CHECKSUMS).read_text())
    sums["files"]["../outside"] = {"sha256": "", "bytes": 0}
    (copied / CHECKSUMS).write_text(json.dumps(sums))
    with pytest.raises(BundleError, match="outside the bundle"):
        read_bundle(copied, "1")


def test_verifying_in_a_process_of_its_own_tells_by_exit_code(copied: Path) -> None:
    command = [sys.executable, "-m", "serving.model.verify", str(copied)]
    assert subprocess.run(command, check=False, capture_output=True).returncode == 0
    (copied / "linear.json").write_text("{}")
    harmed = subprocess.run(command, check=False, capture_output=True, text=True)
    assert harmed.returncode == 1
    assert "linear.json" in harmed.stderr
    assert "Traceback" not in harmed.stderr
