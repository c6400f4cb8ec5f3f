"""The model that a command scores with, straight from the registry."""

import tempfile
from pathlib import Path

from features.config import Config
from features.errors import NoModelError
from serving.model.bundle import read_bundle
from serving.model.scoring import ScoringModel
from training.records.registry import CHAMPION, Registry


def registry_of(config: Config) -> Registry:
    """Give the registry that a config names."""
    return Registry(config.mlflow.tracking_uri, config.mlflow.model_name)


def registered_model(config: Config, name: str) -> ScoringModel:
    """Read a version by its number or alias.

    Raises NoModelError where there is no champion yet, StoreError where the registry cannot be reached or has no such
    version, BundleError where the bundle is not sound.
    """
    registry = registry_of(config)
    if name == CHAMPION and registry.champion() is None:
        raise NoModelError("there is no champion yet; make one with: leadsift train, or: leadsift promote VERSION")
    version = registry.version(name)
    with tempfile.TemporaryDirectory(prefix="leadsift-model-") as folder:
        return read_bundle(registry.download(version.number, Path(folder)), version.number)
