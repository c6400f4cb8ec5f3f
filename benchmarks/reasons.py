"""Scores with all exact reasons, against LightGBM's plain score and its own `pred_contrib`, one thread."""

import lightgbm
import numpy as np

from benchmarks.timing import medians
from serving.model.trees import TreesPart, TreeTables

LEADS, EXPLAINED, COLUMNS, ROUNDS = 100_000, 5_000, 60, 300


def measure() -> dict[str, float]:
    """Give the median seconds per 100,000 leads of each way to score."""
    chance = np.random.default_rng(1)
    matrix = chance.normal(size=(LEADS, COLUMNS))
    matrix[:, 30:] = matrix[:, 30:] > 0
    matrix[chance.random(matrix.shape) < 0.1] = np.nan
    log_odds = np.nan_to_num(matrix[:, 0] * matrix[:, 1] + matrix[:, 40])
    y = chance.random(LEADS) < 1 / (1 + np.exp(-log_odds))
    options = {"objective": "binary", "max_depth": 3, "num_leaves": 8, "verbose": -1, "feature_fraction": 0.5}
    booster = lightgbm.train(options, lightgbm.Dataset(matrix, y), ROUNDS)
    part = TreesPart.from_lightgbm([booster.model_to_string()])
    tables = TreeTables(part, np.arange(COLUMNS), COLUMNS)
    columns = np.asfortranarray(matrix)

    def ours() -> None:
        tables.add_contributions(columns, 1.0, np.zeros((LEADS, COLUMNS), order="F"))

    seconds = medians(
        {
            "leadsift, all exact reasons": ours,
            "LightGBM predict, no reasons": lambda: booster.predict(matrix, num_threads=1),
            "LightGBM pred_contrib": lambda: booster.predict(matrix[:EXPLAINED], pred_contrib=True, num_threads=1),
        }
    )
    return seconds | {"LightGBM pred_contrib": seconds["LightGBM pred_contrib"] * LEADS / EXPLAINED}
