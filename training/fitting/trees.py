"""Fits the trees part: LightGBM of depth at most 3, bagged over seeds."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import lightgbm
import numpy as np

from features.config import Trees
from training.fitting.threads import side_by_side
from training.measuring.metrics import Floats

DEFAULT_TREES = Trees()
PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "bagging_freq": 1,
    "max_bin": 63,
    "feature_pre_filter": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


def fit_trees(
    matrix: Floats, y: Floats, rounds: int, seeds: Sequence[int], settings: Trees = DEFAULT_TREES
) -> tuple[str, ...]:
    """Give the LightGBM text of one model per seed, on the columns [n, c]; columns go by number, not by name."""
    boosters = side_by_side(partial(_booster, matrix, y, settings, rounds), seeds)
    return tuple(booster.model_to_string(num_iteration=rounds) for booster in boosters)


def tree_margins(
    matrix: Floats,
    y: Floats,
    newer: Floats,
    rounds: Sequence[int],
    seed: int,
    *,
    settings: Trees = DEFAULT_TREES,
) -> dict[int, Floats]:
    """Fit one model on `matrix` and give, for each number of rounds, its log-odds on the columns `newer`."""
    booster = _booster(matrix, y, settings, max(rounds), seed)
    return {
        count: np.asarray(booster.predict(newer, raw_score=True, num_iteration=count, num_threads=1))
        for count in rounds
    }


def _booster(matrix: Floats, y: Floats, settings: Trees, rounds: int, seed: int) -> Any:
    parameters = PARAMETERS | _grown(settings, len(y)) | {"seed": seed}
    return lightgbm.train(parameters, lightgbm.Dataset(matrix, y, params=parameters), rounds)


def _grown(settings: Trees, leads: int) -> dict[str, Any]:
    """Give the settings as LightGBM's parameters, for a fit on so many leads."""
    return {
        "max_depth": settings.depth,
        "num_leaves": 2**settings.depth,
        "learning_rate": settings.learning_rate,
        "feature_fraction": settings.feature_fraction,
        "bagging_fraction": settings.bagging_fraction,
        "lambda_l2": settings.lambda_l2,
        "min_data_in_leaf": max(3, min(settings.min_leaf, leads // 50)),
    }
