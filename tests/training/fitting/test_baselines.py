"""The baselines are what a person would try first."""

import numpy as np
import polars as pl
import pytest
from sklearn.metrics import roc_auc_score

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from training.fitting.baselines import base_rate, plain_regression

CATALOG = build_catalog(
    [Attribute("sector", Side.FIT, Kind.CATEGORY), Attribute("visits", Side.ENGAGEMENT, Kind.NUMBER)], []
)


def features(sector: list[str | None], visits: list[float | None]) -> pl.DataFrame:
    return pl.DataFrame({"sector": sector, "visits": visits}, schema={"sector": pl.String, "visits": pl.Float64})


def test_the_base_rate_is_the_same_for_everybody() -> None:
    assert base_rate(np.array([1.0, 0.0, 0.0, 0.0]), 3).tolist() == [0.25] * 3


def test_the_regression_learns_from_categories_and_numbers_with_gaps() -> None:
    chance = np.random.default_rng(0)
    visits = chance.poisson(3, 400).astype(float)
    sector = np.where(chance.random(400) < 0.5, "software", "retail")
    y = (chance.random(400) < 1 / (1 + np.exp(4 - visits - (sector == "software")))).astype(np.float64)
    table = features([None, *sector[1:]], [None, *visits[1:]])
    found = plain_regression(table[:300], y[:300], table[300:], CATALOG)

    assert roc_auc_score(y[300:], found) > 0.75


def test_unseen_levels_and_columns_without_a_value_do_no_harm() -> None:
    y = np.array([1.0, 0.0] * 10)
    found = plain_regression(
        features(["a", "b"] * 10, [None] * 20), y, features(["a", "b", "new", None], [1.0] * 4), CATALOG
    )

    assert found[0] > 0.5 > found[1]
    assert found[2] == found[3] == pytest.approx(0.5, abs=1e-3)
