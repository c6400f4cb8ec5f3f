"""Searches for tree settings on the leads that a training will learn from before it is tested."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from features.compute import feature_table
from features.config import Config
from features.progress import Progress
from features.tables import Tables
from training.fitting.split import oldest
from training.fitting.tuning import Tuned, tune
from training.measuring.metrics import Floats
from training.pipeline import catalog_of

JOURNAL = Path(".leadsift") / "tuning.log"  # beside leadsift.toml


def tune_trees(
    config: Config, tables: Tables, rows: NDArray[np.intp], y: Floats, *, minutes: float, progress: Progress
) -> Tuned:
    """Search for `minutes` on the older leads of `rows` (all with a known outcome `y`, oldest first).

    The newest leads, on which the training will be tested, are not looked at.
    """
    cut = oldest(len(rows), config.training.holdout_share)
    leads = tables.leads[rows[:cut]]
    catalog = catalog_of(leads, tables)
    features = feature_table(leads, tables.events, catalog)
    seed, journal = config.training.random_state, config.root / JOURNAL
    return tune(features, y[:cut], catalog, minutes=minutes, journal=journal, seed=seed, progress=progress)


def with_trees(config: Config, tuned: Tuned) -> Config:
    """Give the config with the settings that a search found."""
    return config.model_copy(update={"training": config.training.model_copy(update={"trees": tuned.settings})})
