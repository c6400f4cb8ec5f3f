"""The intervals are those of a plain bootstrap, written out."""

from time import perf_counter

import numpy as np
import pytest
from sklearn.metrics import log_loss, roc_auc_score

from training.measuring.bootstrap import intervals
from training.measuring.metrics import METRICS, Floats


def sample(n: int) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(8)
    p = chance.beta(2, 6, n)
    return (chance.random(n) < p).astype(np.float64), p


def test_intervals_agree_with_a_bootstrap_in_a_plain_loop() -> None:
    y, p = sample(400)
    chance = np.random.default_rng(1)
    drawn = [chance.integers(0, 400, 400) for _ in range(400)]
    found = intervals(y, {"model": p}, seed=2)["model"]

    for metric, of in (("roc_auc", roc_auc_score), ("log_loss", log_loss)):
        plain = np.percentile([of(y[rows], p[rows]) for rows in drawn], [2.5, 97.5])
        assert found[metric] == pytest.approx(plain, abs=0.015)


def test_the_same_seed_gives_the_same_intervals_and_another_does_not() -> None:
    y, p = sample(200)

    assert intervals(y, {"model": p}, 5) == intervals(y, {"model": p}, 5)
    assert intervals(y, {"model": p}, 5) != intervals(y, {"model": p}, 6)


def test_all_models_are_measured_on_the_same_resamples() -> None:
    y, p = sample(200)
    found = intervals(y, {"model": p, "twin": p.copy()}, 0)

    assert found["model"] == found["twin"]


def test_intervals_of_what_is_never_defined_are_not_a_number() -> None:
    found = intervals(np.zeros(20), {"model": np.full(20, 0.1)}, 0)["model"]

    assert np.isnan(found["roc_auc"]).all()
    assert not np.isnan(found["log_loss"]).any()
    assert set(found) == set(METRICS)


@pytest.mark.slow
def test_three_models_on_six_thousand_leads_take_seconds_not_minutes() -> None:
    y, p = sample(6_000)
    began = perf_counter()
    intervals(y, {"model": p, "base_rate": np.full(6_000, y.mean()), "other": p**2}, 0)

    assert perf_counter() - began < 20  # about two seconds on idle cores
