"""The fit is scikit-learn's, carried to the optimum."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from training.fitting.newton import BLOCK_ROWS, Weights, fit_logistic
from training.measuring.metrics import Floats


def leads(n: int, seed: int = 0) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    inputs = chance.normal(size=(n, 6))
    inputs[:, 3:] = inputs[:, 3:] > 0.5
    y = chance.random(n) < 1 / (1 + np.exp(2 - inputs[:, 0] - 2 * inputs[:, 3]))
    return inputs, y.astype(np.float64)


@pytest.mark.parametrize("n", [40, BLOCK_ROWS, 2 * BLOCK_ROWS + 7])
@pytest.mark.parametrize("strength", [0.01, 1.0, 100.0])
def test_the_weights_are_those_of_scikit_learn_once_it_goes_all_the_way(n: int, strength: float) -> None:
    inputs, y = leads(n)
    oracle = LogisticRegression(C=strength, tol=1e-10, max_iter=10_000).fit(inputs, y)
    found = fit_logistic(inputs, y, strength)

    assert found.columns == pytest.approx(oracle.coef_[0], abs=1e-4)
    assert found.intercept == pytest.approx(oracle.intercept_[0], abs=1e-4)


def test_where_the_fit_begins_does_not_matter_to_where_it_ends() -> None:
    inputs, y = leads(500)
    far = Weights(np.full(6, -3.0), 4.0)
    found, again = fit_logistic(inputs, y, 1.0), fit_logistic(inputs, y, 1.0, far)

    assert again.margin(inputs) == pytest.approx(found.margin(inputs), abs=1e-5)


def test_the_order_in_which_columns_lie_in_memory_does_not_matter() -> None:
    inputs, y = leads(500)
    found, again = (fit_logistic(each, y, 1.0) for each in (np.asfortranarray(inputs), np.ascontiguousarray(inputs)))

    assert again.margin(inputs) == pytest.approx(found.margin(inputs), abs=1e-9)


def test_columns_that_tell_the_outcome_for_sure_get_finite_weights() -> None:
    y = np.array([0.0, 1.0] * 50)
    found = fit_logistic(np.column_stack([y, 1 - y, np.zeros(100)]), y, 1e3)

    assert np.isfinite(found.columns).all()
    assert found.columns[2] == 0
    assert found.columns[0] == pytest.approx(-found.columns[1])
    assert (found.margin(np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0]])) * [1, -1] > 5).all()


def test_without_columns_the_rate_is_all_there_is() -> None:
    y = np.array([1.0, 0.0, 0.0, 0.0])

    assert fit_logistic(np.zeros((4, 0)), y, 1.0).intercept == pytest.approx(np.log(1 / 3))
