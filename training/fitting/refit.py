"""Fits a recipe again on more leads with the choices of an earlier fit: a fraction of the time of choosing anew."""

from dataclasses import replace

import polars as pl

from features.catalog import Catalog
from features.config import Training
from training.fitting.encoding import fit_encoder
from training.fitting.fit import Fitted, refuse_one_outcome
from training.fitting.parts import fit_parts
from training.measuring.metrics import Floats


def refit(earlier: Fitted, features: pl.DataFrame, y: Floats, catalog: Catalog, training: Training) -> Fitted:
    """Fit both parts on leads in order of arrival, `y` float64[n] of 1 and 0; strength, rounds and blend stay.

    Raises DataError where only one outcome is there.
    """
    refuse_one_outcome(y)
    encoder = fit_encoder(features, catalog)
    matrix = encoder.encode_table(features)
    choices = earlier.choices
    linear, texts = fit_parts(encoder, matrix, y, training, strength=choices["strength"], rounds=choices["rounds"])
    return replace(earlier, encoder=encoder, linear=linear, trees_texts=texts)
