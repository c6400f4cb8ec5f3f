"""Fits both parts on the same columns, side by side: the linear one and the bag of trees."""

from concurrent.futures import ThreadPoolExecutor

from threadpoolctl import threadpool_limits

from features.config import Training
from serving.model.encoding import Encoder
from serving.model.linear import LinearPart
from training.fitting.linear import fit_linear
from training.fitting.trees import fit_trees
from training.measuring.metrics import Floats


def fit_parts(
    encoder: Encoder, matrix: Floats, y: Floats, training: Training, *, strength: float, rounds: int
) -> tuple[LinearPart, tuple[str, ...]]:
    """Give the linear part and the LightGBM text of each seed, fitted on the encoder's columns [n, c] of n leads."""
    seeds = [training.random_state + at for at in range(training.seeds)]
    with threadpool_limits(1), ThreadPoolExecutor(1) as beside:
        linear = beside.submit(fit_linear, encoder, matrix, y, strength)
        texts = fit_trees(matrix, y, rounds, seeds, training.trees)
        return linear.result(), texts
