"""Fits the trees part: LightGBM of depth at most 3, bagged over seeds."""

from collections.abc import Sequence
from functools import partial
from typing import Any

import lightgbm
import numpy as np

from training.metrics import Floats
from training.threads import side_by_side

DEPTH = 3  # keeps exact reasons cheap: at most seven yes/no questions a tree
LEAVES = 2**DEPTH
LARGEST_MIN_LEAF = 20
PARAMETERS: dict[str, Any] = {
    "objective": "binary",
    "max_depth": DEPTH,
    "num_leaves": LEAVES,
    "learning_rate": 0.05,
    "feature_fraction": 0.3,  # a tree sees few columns: one strong and drifting column cannot rule them all
    "bagging_fraction": 0.7,
    "bagging_freq": 1,
    "lambda_l2": 1.0,
    "max_bin": 63,
    "feature_pre_filter": False,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 1,
    "verbose": -1,
}


def fit_trees(matrix: Floats, y: Floats, rounds: int, seeds: Sequence[int]) -> tuple[str, ...]:
    """Give the LightGBM text of one model per seed, on the columns [n, c]; columns go by number, not by name."""
    boosters = side_by_side(partial(_booster, matrix, y, rounds), seeds)
    return tuple(booster.model_to_string(num_iteration=rounds) for booster in boosters)


def tree_margins(matrix: Floats, y: Floats, newer: Floats, rounds: Sequence[int], seed: int) -> dict[int, Floats]:
    """Fit one model on `matrix` and give, for each number of rounds, its log-odds on the columns `newer`."""
    booster = _booster(matrix, y, max(rounds), seed)
    return {
        count: np.asarray(booster.predict(newer, raw_score=True, num_iteration=count, num_threads=1))
        for count in rounds
    }


def _booster(matrix: Floats, y: Floats, rounds: int, seed: int) -> Any:
    settings = PARAMETERS | {"min_data_in_leaf": _min_leaf(len(y)), "seed": seed}
    return lightgbm.train(settings, lightgbm.Dataset(matrix, y, params=settings), rounds)


def _min_leaf(leads: int) -> int:
    """Give the fewest leads of a leaf: few where there are few leads, or there would be no tree at all."""
    return int(np.clip(leads // 50, 3, LARGEST_MIN_LEAF))
