"""Scores with all exact reasons, against LightGBM's plain score and its own `pred_contrib`, one thread."""

import lightgbm
import numpy as np

from benchmarks.row import Row, Way
from benchmarks.timing import medians
from serving.model.trees import TreesPart, TreeTables

LEADS, EXPLAINED, COLUMNS, ROUNDS = 100_000, 5_000, 60, 300


def measure() -> list[Row]:
    """Give the rows: reasons at the price of a score, and reasons against LightGBM's own."""
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
    added = np.zeros((LEADS, COLUMNS), order="F")
    tables.add_contributions(columns, 1.0, added)
    theirs = np.asarray(booster.predict(matrix[:EXPLAINED], pred_contrib=True, num_threads=1))
    apart = float(np.abs(added[:EXPLAINED] - theirs[:, :-1]).max())

    def ours() -> None:
        tables.add_contributions(columns, 1.0, np.zeros((LEADS, COLUMNS), order="F"))

    seconds = medians(
        {
            "leadsift, all exact reasons": ours,
            "LightGBM predict, no reasons": lambda: booster.predict(matrix, num_threads=1),
            "LightGBM pred_contrib": lambda: booster.predict(matrix[:EXPLAINED], pred_contrib=True, num_threads=1),
        }
    )
    explained, plain, contributions = seconds.values()
    contributions *= LEADS / EXPLAINED
    with_reasons, sizes = Way("leadsift, all exact reasons", explained), f"{LEADS:,} leads, {COLUMNS} columns"
    note = f"{sizes}, {ROUNDS} trees of depth 3, one thread, medians of 5 turns."
    return [
        Row(
            work=f"score with all exact reasons, {LEADS:,} leads",
            unit="seconds",
            ways=(with_reasons, Way("LightGBM `predict`, no reasons", plain)),
            result=f"{explained / plain:.2f} times the time of LightGBM's score without reasons",
            target="at most 2 times",
            met=explained <= 2 * plain,
            note=note,
        ),
        Row(
            work="exact reasons against LightGBM's own",
            unit="seconds",
            ways=(with_reasons, Way("LightGBM `pred_contrib=True`", contributions)),
            result=f"{contributions / explained:.0f} times as fast, equal within {apart:.0e}",
            target="at least 10 times as fast, equal within 1e-6",
            met=contributions >= 10 * explained and apart <= 1e-6,
            note=f"{note} `pred_contrib` was timed on {EXPLAINED:,} leads and scaled up.",
        ),
    ]
