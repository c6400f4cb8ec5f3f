"""The recipe, from a feature table to probabilities that mean what they say."""

import numpy as np
import polars as pl
import pytest
from scipy.special import expit, logit

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from features.config import Training
from features.errors import DataError
from training.fitting.blend import log_loss, log_odds
from training.fitting.fit import CAUTIOUS_ROUNDS, CAUTIOUS_STRENGTH, Fitted, fit_recipe
from training.fitting.walk_forward import folds
from training.measuring.metrics import Floats

CATALOG = build_catalog(
    [
        Attribute("sector", Side.FIT, Kind.CATEGORY),
        Attribute("employees", Side.FIT, Kind.NUMBER),
        Attribute("opted in", Side.FIT, Kind.FLAG),
        Attribute("visits", Side.ENGAGEMENT, Kind.NUMBER),
    ],
    [],
)
TRAINING = Training(seeds=2)


def leads(n: int, seed: int = 0) -> tuple[pl.DataFrame, Floats, Floats]:
    """Give features, outcomes, and each lead's true probability."""
    chance = np.random.default_rng(seed)
    software, opted_in = chance.random(n) < 0.3, chance.random(n) < 0.5
    employees, visits = np.exp(chance.normal(4, 1, n)), chance.poisson(3, n).astype(float)
    truth = expit(-2.5 + 1.2 * software + 0.3 * visits + 0.8 * opted_in * (employees > 60))
    features = pl.DataFrame(
        {
            "sector": np.where(software, "software", "retail"),
            "employees": employees,
            "opted in": opted_in.astype(float),
            "visits": visits,
        }
    ).with_columns(pl.when(pl.col("employees") > 20).then("employees"))
    return features, (chance.random(n) < truth).astype(np.float64), truth


@pytest.fixture(scope="module")
def fitted() -> Fitted:
    features, y, _ = leads(3_000)
    return fit_recipe(features, y, CATALOG, TRAINING)


def test_probabilities_come_near_the_true_ones(fitted: Fitted) -> None:
    features, _, truth = leads(3_000, seed=1)
    found = fitted.probabilities(features)

    assert np.abs(found - truth).mean() < 0.05
    assert found.mean() == pytest.approx(truth.mean(), abs=0.03)


def test_the_same_leads_give_the_same_fit(fitted: Fitted) -> None:
    features, y, _ = leads(3_000)
    again = fit_recipe(features, y, CATALOG, TRAINING)

    assert again.trees_texts == fitted.trees_texts
    assert again.choices == fitted.choices
    assert again.linear.to_json() == fitted.linear.to_json()


def test_what_was_chosen_is_told_with_the_losses_it_was_chosen_by(fitted: Fitted) -> None:
    choices = fitted.choices

    assert choices["folds"] == 4
    for name in ("strength", "rounds"):
        losses = choices[f"{name}_losses"]
        assert losses[str(choices[name])] == min(losses.values())


def test_a_bag_holds_a_model_of_its_own_per_seed(fitted: Fitted) -> None:
    trees = {text.split("parameters:")[0] for text in fitted.trees_texts}

    assert len(trees) == TRAINING.seeds


@pytest.mark.parametrize("n", [10, 40, 100])
def test_few_leads_are_fitted_with_care_and_without_a_crash(n: int) -> None:
    features, y, _ = leads(n, seed=3)
    y[:2] = 0.0, 1.0
    fitted = fit_recipe(features, y, CATALOG, TRAINING)
    found = fitted.probabilities(features)

    assert ((found > 0.001) & (found < 0.999)).all()
    if not folds(y):
        assert (fitted.choices["strength"], fitted.choices["rounds"]) == (CAUTIOUS_STRENGTH, CAUTIOUS_ROUNDS)


@pytest.mark.parametrize("seed", range(4))
def test_leads_without_any_signal_get_nearly_the_base_rate(seed: int) -> None:
    features, _, _ = leads(400, seed)
    y = (np.random.default_rng(seed + 100).random(400) < 0.2).astype(np.float64)
    found = fit_recipe(features[:280], y[:280], CATALOG, TRAINING).probabilities(features[280:])

    assert found.std() < 0.05
    assert log_loss(y[280:], logit(found)) < 1.06 * log_loss(y[280:], np.full(120, log_odds(y[:280])))


@pytest.mark.parametrize("outcome", [0.0, 1.0])
def test_leads_of_one_outcome_are_refused(outcome: float) -> None:
    features, _, _ = leads(50)

    with pytest.raises(DataError, match=r"of 50 leads to learn from, (0|50) became SQLs: both outcomes are needed"):
        fit_recipe(features, np.full(50, outcome), CATALOG, TRAINING)


def test_unseen_levels_and_missing_values_are_scored(fitted: Fitted) -> None:
    features, _, _ = leads(5)
    strange = features.with_columns(
        sector=pl.Series(["moon base", None, "software", "retail", None]), visits=pl.lit(None, pl.Float64)
    )

    assert np.isfinite(fitted.probabilities(strange)).all()
