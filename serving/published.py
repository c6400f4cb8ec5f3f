"""A local folder of published bundles: the one place that the service takes its model from.

    root/current.json       says which bundle is current; replaced by rename, so a reader sees the old or the new one
    root/<version>-<digest> a bundle, complete from the moment it has this name
    root/.looked            touched each time the registry was asked which version is to be served

A publisher that is killed at any moment leaves the last good bundle current, and the next one clears up after it.
"""

import fcntl
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import orjson

from features.errors import BundleError

PUBLISHED = Path(".leadsift") / "published"  # beside leadsift.toml
KEPT = 3  # bundles: a worker that is slow to swap still finds the one it is about to open

_POINTER = "current.json"
_LOCK = ".lock"
_LOOKED = ".looked"
_STAGING = ".staging"
_VERSION = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_FOLDER = re.compile(_VERSION.pattern + r"-[0-9a-f]{8}")


@dataclass(frozen=True)
class Published:
    """A bundle that may be served: the model version, its folder, and the digest that names its exact content."""

    version: str
    path: Path
    digest: str


@dataclass(frozen=True)
class _Pointer:
    version: str
    digest: str
    folders: tuple[str, ...]  # newest first; the first is current


def current(root: Path) -> Published | None:
    """Give the bundle to serve; None where nothing was published yet.

    Raises BundleError where the folder was damaged from outside.
    """
    pointer = _read_pointer(root)
    if pointer is None:
        return None
    path = root / pointer.folders[0]
    if not path.is_dir():
        raise BundleError(f"{root / _POINTER} names {path.name!r}, which is not there; publish the model again")
    return Published(pointer.version, path, pointer.digest)


def kept(root: Path, version: str) -> Path | None:
    """Give the newest folder of a version that is still kept, current or not; None where there is none.

    Raises BundleError where the folder was damaged from outside.
    """
    pointer = _read_pointer(root)
    there = [] if pointer is None else _still_there(root, pointer.folders)
    return next((path for each, path in there if each == version), None)


def kept_before(root: Path) -> list[tuple[str, Path]]:
    """Give the versions that were current before, with their folders, newest first, as far as they are still kept.

    Raises BundleError where the folder was damaged from outside.
    """
    pointer = _read_pointer(root)
    return [] if pointer is None else _still_there(root, pointer.folders[1:])


def publish(bundle: Path, root: Path, version: str) -> Published:
    """Make a copy of the folder `bundle` the current one; what is published already is not copied again.

    Keeps the last few bundles, see `KEPT`. What is in the bundle is not verified here: do that before. Raises
    BundleError for a folder that holds none, and for a version that cannot be part of a file name.
    """
    from serving.model.bundle import bundle_digest  # noqa: PLC0415 - who reads what is published needs no numerics

    if not _VERSION.fullmatch(version):
        raise BundleError(f"{version!r} cannot be published as a version; use letters, digits, '.', '_' and '-'")
    digest = bundle_digest(bundle)
    folder = f"{version}-{digest[:8]}"
    root.mkdir(parents=True, exist_ok=True)
    with _sole_publisher(root):
        _place(bundle, root / folder)
        kept = tuple(dict.fromkeys((folder, *_kept(root))))[:KEPT]
        _write_pointer(root, _Pointer(version, digest, kept))
        _remove_others(root, kept)
    return Published(version, root / folder, digest)


def note_look(root: Path) -> None:
    """Note that the registry answered just now, whether or not there was anything to publish."""
    root.mkdir(parents=True, exist_ok=True)
    (root / _LOOKED).touch()


def looked_at(root: Path) -> datetime | None:
    """Give when the registry last answered; None where it never did."""
    try:
        return datetime.fromtimestamp((root / _LOOKED).stat().st_mtime, UTC)
    except FileNotFoundError:
        return None


@contextmanager
def _sole_publisher(root: Path) -> Iterator[None]:
    """Hold a lock that the system lets go even where its holder is killed."""
    with (root / _LOCK).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _place(bundle: Path, target: Path) -> None:
    if _same_files(bundle, target):
        return
    staging = target.parent / _STAGING
    shutil.rmtree(staging, ignore_errors=True)
    shutil.copytree(bundle, staging)
    _sync_all(staging)
    if target.exists():
        shutil.rmtree(target)
    staging.rename(target)
    _sync(target.parent)


def _same_files(one: Path, other: Path) -> bool:
    names, others = ([path.name for path in sorted(folder.glob("*"))] for folder in (one, other))
    return names == others and all((one / name).read_bytes() == (other / name).read_bytes() for name in names)


def _still_there(root: Path, folders: Sequence[str]) -> list[tuple[str, Path]]:
    return [(folder.rpartition("-")[0], root / folder) for folder in folders if (root / folder).is_dir()]


def _read_pointer(root: Path) -> _Pointer | None:
    path = root / _POINTER
    try:
        said = orjson.loads(path.read_bytes())
        pointer = _Pointer(said["version"], said["digest"], tuple(said["folders"]))
        sound = bool(pointer.folders) and all(_FOLDER.fullmatch(folder) for folder in pointer.folders)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        sound = False
    if not sound:
        raise BundleError(f"{path} is damaged; delete it and publish the model again")
    return pointer


def _kept(root: Path) -> tuple[str, ...]:
    """Give the folders kept so far; a damaged pointer keeps none, and is about to be replaced."""
    try:
        pointer = _read_pointer(root)
    except BundleError:
        return ()
    return pointer.folders if pointer else ()


def _write_pointer(root: Path, pointer: _Pointer) -> None:
    draft = root / f"{_POINTER}.draft"
    draft.write_bytes(orjson.dumps(pointer))
    _sync(draft)
    draft.replace(root / _POINTER)
    _sync(root)


def _remove_others(root: Path, kept: tuple[str, ...]) -> None:
    shutil.rmtree(root / _STAGING, ignore_errors=True)
    for path in root.iterdir():
        if _FOLDER.fullmatch(path.name) and path.name not in kept:
            shutil.rmtree(path, ignore_errors=True)


def _sync_all(folder: Path) -> None:
    for path in (*folder.iterdir(), folder):
        _sync(path)


def _sync(path: Path) -> None:
    """Wait until the file or folder is on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
