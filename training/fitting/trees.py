"""Fits the trees part: LightGBM of depth at most 3, bagged over seeds."""

from collections.abc import Sequence
from itertools import pairwise
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
    "force_col_wise": True,  # of the columns that a tree may not ask, no histogram is made
    "num_threads": 1,
    "verbose": -1,
}


def fit_trees(
    matrix: Floats, y: Floats, rounds: int, seeds: Sequence[int], settings: Trees = DEFAULT_TREES
) -> tuple[str, ...]:
    """Give the LightGBM text of one model per seed, on the columns [n, c]; columns go by number, not by name.

    All read one table of binned columns. Of very many leads LightGBM draws some to find the bins by: by the first seed.
    """
    binned = _binned(matrix, y, tree_parameters(settings, len(y), seeds[0]))
    boosters = side_by_side(lambda seed: _booster(binned, tree_parameters(settings, len(y), seed), rounds), seeds)
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
    """Fit one model on `matrix` and give its log-odds on the columns `newer` by number of `rounds`, which ascend."""
    parameters = tree_parameters(settings, len(y), seed)
    booster = _booster(_binned(matrix, y, parameters), parameters, max(rounds))
    margins, margin = {}, np.zeros(len(newer))
    for first, end in pairwise((0, *rounds)):
        margin = margin + booster.predict(
            newer, raw_score=True, start_iteration=first, num_iteration=end - first, num_threads=1
        )
        margins[end] = margin
    return margins


def _binned(matrix: Floats, y: Floats, parameters: dict[str, Any]) -> lightgbm.Dataset:
    return lightgbm.Dataset(matrix, y, params=parameters).construct()


def _booster(binned: lightgbm.Dataset, parameters: dict[str, Any], rounds: int) -> lightgbm.Booster:
    return lightgbm.train(parameters, binned, rounds)


def tree_parameters(settings: Trees, leads: int, seed: int) -> dict[str, Any]:
    """Give LightGBM's parameters, by their own names, for a fit on so many leads."""
    return PARAMETERS | {
        "seed": seed,
        "max_depth": settings.depth,
        "num_leaves": 2**settings.depth,
        "learning_rate": settings.learning_rate,
        "feature_fraction": settings.feature_fraction,
        "bagging_fraction": settings.bagging_fraction,
        "lambda_l2": settings.lambda_l2,
        "min_data_in_leaf": max(3, min(settings.min_leaf, leads // 50)),
    }
