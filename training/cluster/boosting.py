"""Boosts the trees on a cluster, by LightGBM's own Dask interface, from files of features that the workers read.

Two fits on equal leads are not equal to the last bit: sums over the leads are made in another order each time.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import dask.array
import lightgbm
import numpy as np
import polars as pl
from dask.delayed import delayed
from distributed import Client, Lock

from features.config import Trees
from features.errors import DataError
from features.problems import Problem
from serving.model.encoding import Encoder
from training.cluster.watched import collective
from training.fitting.trees import tree_parameters
from training.measuring.metrics import Floats

OUTCOME = "outcome of the lead"  # the column beside the features; no feature may have it, as theirs are quoted names
FIT_AT_A_TIME = "leadsift boosting"
PATIENCE_S = 600.0  # for another training's fit on the same cluster
ADDRESSES = ("[machines:", "[local_listen_port:")
CLUSTER_SETS = {"num_threads", "verbose"}  # the first by each worker, the second in the model's constructor


@dataclass(frozen=True)
class FeatureFile:
    """A Parquet file of features and `OUTCOME` (1 or 0), with its number of leads, one or more."""

    path: Path
    leads: int


def boost(
    client: Client,
    files: Sequence[FeatureFile],
    encoder: Encoder,
    *,
    rounds: int,
    seeds: Sequence[int],
    settings: Trees,
    patience_s: float = PATIENCE_S,
) -> tuple[str, ...]:
    """Give the LightGBM text of one model per seed, fitted on all leads of all files; only the models come back.

    The objective is of two outcomes. LightGBM's classifier is not used for it, as on each worker it would number the
    outcomes that it finds there, and a worker may have leads of one outcome alone.

    Raises DataError where another fit holds the cluster, or workers are lost again and again.
    """
    turn = Lock(FIT_AT_A_TIME)
    if not turn.acquire(timeout=patience_s):
        what, remedy = "another training has been boosting on this cluster for minutes", "try again when it is done"
        raise DataError([Problem(what, remedy)])
    try:
        leads = sum(file.leads for file in files)
        return tuple(
            collective(client, partial(fit_one, files, encoder, rounds, tree_parameters(settings, leads, seed)))
            for seed in seeds
        )
    finally:
        turn.release()


def fit_one(
    files: Sequence[FeatureFile], encoder: Encoder, rounds: int, parameters: dict[str, Any], client: Client
) -> str:
    """Give the LightGBM text of one model with LightGBM's `parameters`, fitted by all workers of `client` together."""
    _quieten()
    matrix, y = _arrays(files, encoder)
    said = {name: value for name, value in parameters.items() if name not in CLUSTER_SETS}
    model = lightgbm.DaskLGBMRegressor(client=client, n_estimators=rounds, tree_learner="data", verbose=-1, **said)
    model.fit(matrix, y)
    return _without_addresses(str(model.booster_.model_to_string(num_iteration=rounds)))


def _arrays(files: Sequence[FeatureFile], encoder: Encoder) -> tuple[dask.array.Array, dask.array.Array]:
    """Give columns and outcomes as arrays of a block per file, not read yet."""
    held = delayed(encoder, pure=False)
    columns, blocks, outcomes = len(encoder.columns), [], []
    for file in files:
        block = delayed(_columns, pure=False)(str(file.path), held)
        outcome = delayed(_outcomes, pure=False)(str(file.path))
        blocks.append(dask.array.from_delayed(block, (file.leads, columns), dtype=np.float64))
        outcomes.append(dask.array.from_delayed(outcome, (file.leads,), dtype=np.float64))
    return dask.array.concatenate(blocks), dask.array.concatenate(outcomes)


def _columns(path: str, encoder: Encoder) -> Floats:
    return encoder.encode_table(pl.read_parquet(path))


def _outcomes(path: str) -> Floats:
    return pl.read_parquet(path, columns=[OUTCOME])[OUTCOME].cast(pl.Float64).to_numpy()


def _without_addresses(text: str) -> str:
    """Drop the workers' addresses, which LightGBM notes among its parameters: a model is handed round."""
    return "".join(line for line in text.splitlines(keepends=True) if not line.startswith(ADDRESSES))


def _quieten() -> None:
    """Keep LightGBM off this process's standard output, where results go."""
    quiet = logging.getLogger(f"{__name__}.lightgbm")
    quiet.addHandler(logging.NullHandler())
    quiet.propagate = False
    lightgbm.register_logger(quiet)
