"""Runs the watcher as a process beside the service."""

from contextlib import AbstractContextManager
from pathlib import Path

from serving.beside import beside

LOOK_EVERY_S = 5.0


def watching(tracking_uri: str, model_name: str, root: Path) -> AbstractContextManager[None]:
    """Keep the published bundle in `root` the champion's while the block runs; the watcher ends with it."""
    where = ["--tracking-uri", tracking_uri, "--model-name", model_name, "--root", str(root)]
    return beside("training.records.watcher", [*where, "--every", str(LOOK_EVERY_S)])
