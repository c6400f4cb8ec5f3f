"""Fits a recipe again on more leads with the choices of an earlier fit: a fraction of the time of choosing anew."""

from dataclasses import replace

import polars as pl

from features.catalog import Catalog
from features.config import Training
from training.fitting.encoding import fit_encoder
from training.fitting.fit import Fitted, refuse_one_outcome
from training.fitting.linear import fit_linear
from training.fitting.trees import fit_trees
from training.measuring.metrics import Floats


def refit(earlier: Fitted, features: pl.DataFrame, y: Floats, catalog: Catalog, training: Training) -> Fitted:
    """Fit both parts on leads in order of arrival, `y` float64[n] of 1 and 0; strength, rounds and blend stay.

    Raises DataError where only one outcome is there.
    """
    refuse_one_outcome(y)
    encoder = fit_encoder(features, catalog)
    matrix = encoder.encode_table(features)
    seeds = [training.random_state + at for at in range(training.seeds)]
    return replace(
        earlier,
        encoder=encoder,
        linear=fit_linear(encoder, matrix, y, earlier.choices["strength"]),
        trees_texts=fit_trees(matrix, y, earlier.choices["rounds"], seeds, training.trees),
    )
