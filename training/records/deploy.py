"""From the registry to the service: the champion's bundle, fetched, verified apart and published."""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from features.errors import BundleError
from serving.model.bundle import bundle_digest
from serving.published import Published, current, publish
from training.records.registry import Registry, Version

VERIFY_PATIENCE_S = 120

Verify = Callable[[Path], None]


def publish_champion(registry: Registry, root: Path, verify: Verify | None = None) -> Published | None:
    """Make the champion the published bundle; None where there is no champion, no work where it is published already.

    Raises StoreError where the registry or the bundle cannot be reached, and BundleError, with the reason, where the
    bundle is not sound. What was published before then stays.
    """
    champion = registry.champion()
    if champion is None:
        return None
    published = _current(root)
    if published is not None and (published.version, published.digest) == (champion.number, champion.digest):
        return published
    with tempfile.TemporaryDirectory(prefix="leadsift-bundle-") as folder:
        bundle = registry.download(champion.number, Path(folder))
        try:
            _check_digest(champion, bundle)
            (verify or verify_apart)(bundle)
        except BundleError as error:
            where = f"bundle of version {champion.number}"
            raise BundleError(str(error).replace(str(bundle), where)) from error
        return publish(bundle, root, champion.number)


def verify_apart(bundle: Path) -> None:
    """Read a bundle in a process of its own, so that not even a crash of the reader harms this one.

    Raises BundleError with the reason where it is not sound.
    """
    command = [sys.executable, "-m", "serving.model.verify", str(bundle)]
    one_thread = os.environ | {"OMP_NUM_THREADS": "1"}
    try:
        ended = subprocess.run(  # noqa: S603 - our own module and a folder, no shell
            command, env=one_thread, capture_output=True, text=True, timeout=VERIFY_PATIENCE_S, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BundleError(f"the bundle was not read within {VERIFY_PATIENCE_S} seconds; train again") from error
    if ended.returncode != 0:
        said = ended.stderr.strip().splitlines()
        raise BundleError(said[-1] if said else f"reading the bundle ended with code {ended.returncode}; train again")


def _current(root: Path) -> Published | None:
    """Give what is published; None where it is damaged, as the champion is about to replace it."""
    try:
        return current(root)
    except BundleError:
        return None


def _check_digest(version: Version, bundle: Path) -> None:
    if version.digest is not None and bundle_digest(bundle) != version.digest:
        raise BundleError(f"the files of version {version.number} are not those that were recorded; train again")
