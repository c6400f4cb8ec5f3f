"""The linear part is scikit-learn's logistic regression over ranks, in a form that travels."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import rankdata
from sklearn.linear_model import LogisticRegression

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from serving.model.encoding import Column, Encoder, Role
from training.fitting.linear import KNOTS, fit_linear, quantile_knots
from training.measuring.metrics import Floats

NUMBERS = st.lists(st.floats(-1e9, 1e9, allow_nan=False) | st.just(float("nan")), min_size=1, max_size=300)


@given(NUMBERS)
def test_knots_rise_and_give_mean_0_and_deviation_1_or_nothing(values: list[float]) -> None:
    column = np.array(values)
    knots = quantile_knots(column)
    mapped = knots.apply(column)[~np.isnan(column)]

    assert (np.diff(knots.xs) > 0).all()
    assert (np.diff(knots.ys) >= 0).all()
    assert len(knots.xs) <= KNOTS
    if len(mapped):
        assert mapped.mean() == pytest.approx(0, abs=1e-6)
        assert mapped.std() == pytest.approx(1, abs=1e-6) or len(np.unique(mapped)) == 1


def test_with_few_distinct_values_the_map_is_their_mean_rank() -> None:
    values = np.random.default_rng(0).integers(0, 30, 500).astype(np.float64)
    ranks = rankdata(values)

    assert quantile_knots(values).apply(values) == pytest.approx((ranks - ranks.mean()) / ranks.std())


def test_a_number_far_outside_is_read_as_the_nearest_seen() -> None:
    knots = quantile_knots(np.arange(1_000.0))

    assert knots.apply(np.array([-1e12, 1e12])).tolist() == [knots.ys[0], knots.ys[-1]]


def leads(n: int = 400) -> tuple[Encoder, Floats, Floats]:
    chance = np.random.default_rng(3)
    catalog = build_catalog(
        [Attribute("employees", Side.FIT, Kind.NUMBER), Attribute("sector", Side.FIT, Kind.CATEGORY)], []
    )
    encoder = Encoder(catalog, (Column(0, Role.NUMBER), Column(0, Role.MISSING), Column(1, Role.LEVEL, "a")))
    employees = np.exp(chance.normal(4, 2, n))
    employees[:40] = np.nan
    matrix = np.column_stack([employees, np.isnan(employees), chance.random(n) < 0.4])
    y = chance.random(n) < 1 / (1 + np.exp(1 - 2 * matrix[:, 2] - (employees > 50)))
    return encoder, matrix, y.astype(np.float64)


@pytest.mark.parametrize("strength", [0.1, 1.0])
def test_the_fit_is_scikit_learns_on_the_mapped_columns(strength: float) -> None:
    encoder, matrix, y = leads()
    part = fit_linear(encoder, matrix, y, strength)
    oracle = LogisticRegression(C=strength, tol=1e-8, max_iter=1_000).fit(part.inputs(matrix), y)

    assert part.margin(matrix) == pytest.approx(oracle.decision_function(part.inputs(matrix)), abs=1e-3)


def test_only_the_order_of_a_numbers_values_matters() -> None:
    encoder, matrix, y = leads()
    stretched = matrix.copy()
    stretched[:, 0] = np.log(matrix[:, 0])

    assert fit_linear(encoder, stretched, y, 1.0).margin(stretched) == pytest.approx(
        fit_linear(encoder, matrix, y, 1.0).margin(matrix), abs=0.02
    )


def test_a_missing_number_adds_nothing_by_itself() -> None:
    encoder, matrix, y = leads()
    part = fit_linear(encoder, matrix, y, 1.0)

    assert part.margin(np.array([[np.nan, 0.0, 0.0]])) == pytest.approx([part.intercept])
