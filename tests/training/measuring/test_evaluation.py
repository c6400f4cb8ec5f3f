"""What an evaluation says of a model on leads it has not seen."""

import json

import numpy as np
import pytest

from training.measuring.evaluation import evaluate, tenths
from training.measuring.metrics import METRICS, Floats, Ranked


def sample(n: int) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(4)
    p = chance.beta(1, 3, n)
    return (chance.random(n) < p).astype(np.float64), p


def test_each_metric_lies_in_its_interval() -> None:
    y, p = sample(500)
    found = evaluate(y, {"model": p}, seed=0)["model"]

    assert (found.leads, found.positives) == (500, y.sum())
    for name in METRICS:
        low, high = found.intervals[name]
        if name != "expected_calibration_error":  # resampling can only add to it, so its interval lies higher
            assert low < found.metrics[name] < high


def test_tenths_hold_equally_many_leads_from_the_highest_score_down() -> None:
    y, p = sample(500)
    best = np.argsort(-p)
    found = tenths(Ranked(y, p))

    assert [each.tenth for each in found] == list(range(1, 11))
    assert [each.leads for each in found] == [50] * 10
    assert found[0].predicted == pytest.approx(p[best[:50]].mean())
    assert [each.observed for each in found] == pytest.approx([y[best[i : i + 50]].mean() for i in range(0, 500, 50)])
    assert all(each.low <= each.observed <= each.high for each in found)


def test_equal_scores_share_their_sqls_between_tenths() -> None:
    y = np.array([1.0] * 10 + [0.0] * 90)

    assert [each.observed for each in tenths(Ranked(y, np.full(100, 0.1)))] == pytest.approx([0.1] * 10)


def test_fewer_than_ten_leads_give_a_row_each() -> None:
    y, p = sample(4)

    assert [each.leads for each in tenths(Ranked(y, p))] == [1, 1, 1, 1]


def test_what_is_not_defined_is_null_in_json() -> None:
    found = evaluate(np.zeros(20), {"model": np.full(20, 0.1)}, seed=0)["model"].to_json()

    assert found["roc_auc"] is None
    assert found["intervals"]["roc_auc"] == [None, None]
    assert json.loads(json.dumps(found, allow_nan=False)) == found
