"""Runs the watcher as a process beside the service."""

from contextlib import AbstractContextManager
from pathlib import Path

from features.config import Config
from serving.beside import beside

LOOK_EVERY_S = 5.0


def watching(config: Config, root: Path) -> AbstractContextManager[None]:
    """Keep the published bundle in `root` the champion's while the block runs; the watcher ends with it."""
    registry = ["--tracking-uri", config.mlflow.tracking_uri, "--model-name", config.mlflow.model_name]
    where = [*registry, "--root", str(root), "--config", str(config.path)]
    return beside("training.records.watcher", [*where, "--every", str(LOOK_EVERY_S)])
