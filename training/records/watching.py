"""Runs the watcher as a process beside the service."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from os import getpid
from pathlib import Path

LOOK_EVERY_S = 5.0
PATIENCE_S = 10.0


@contextmanager
def watching(tracking_uri: str, model_name: str, root: Path) -> Iterator[None]:
    """Keep the published bundle in `root` the champion's while the block runs; the watcher ends with it."""
    where = ["--tracking-uri", tracking_uri, "--model-name", model_name, "--root", str(root)]
    how = ["--every", str(LOOK_EVERY_S), "--parent", str(getpid())]
    watcher = subprocess.Popen([sys.executable, "-m", "training.records.watcher", *where, *how])  # noqa: S603 - our own module
    try:
        yield
    finally:
        watcher.terminate()
        try:
            watcher.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            watcher.kill()
            watcher.wait()
