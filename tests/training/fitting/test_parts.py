"""Parts that are fitted side by side are those that are fitted one after the other."""

import numpy as np
import polars as pl

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from features.config import Training
from training.fitting.encoding import fit_encoder
from training.fitting.linear import fit_linear, linear_margins
from training.fitting.parts import fit_parts
from training.fitting.trees import fit_trees

CATALOG = build_catalog(
    [Attribute("sector", Side.FIT, Kind.CATEGORY), Attribute("visits", Side.ENGAGEMENT, Kind.NUMBER)], []
)
CHANCE = np.random.default_rng(4)
SECTOR, VISITS = CHANCE.choice(["software", "retail"], 600), CHANCE.poisson(3, 600).astype(float)
FEATURES = pl.DataFrame({"sector": SECTOR, "visits": VISITS})
Y = (CHANCE.random(600) < 1 / (1 + np.exp(3 - VISITS / 2 - (SECTOR == "software")))).astype(np.float64)


def test_both_parts_are_those_of_a_fit_of_their_own() -> None:
    encoder = fit_encoder(FEATURES, CATALOG)
    matrix = encoder.encode_table(FEATURES)
    linear, texts = fit_parts(encoder, matrix, Y, Training(seeds=2, random_state=7), strength=0.3, rounds=12)

    assert linear.to_json() == fit_linear(encoder, matrix, Y, 0.3).to_json()
    assert texts == fit_trees(matrix, Y, 12, [7, 8])


def test_margins_by_strength_are_those_of_fits_with_each() -> None:
    encoder = fit_encoder(FEATURES[:400], CATALOG)
    older, newer = encoder.encode_table(FEATURES[:400]), encoder.encode_table(FEATURES[400:])
    found = linear_margins(encoder, older, Y[:400], newer, [0.1, 1.0, 30.0])

    for strength, margin in found.items():
        expected = fit_linear(encoder, older, Y[:400], strength).margin(newer)
        np.testing.assert_allclose(margin, expected, atol=1e-5)
    assert np.abs(found[0.1] - found[30.0]).max() > 0.01
