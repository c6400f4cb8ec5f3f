"""The metrics are scikit-learn's, ties and weights included."""

import numpy as np
import pytest
from sklearn import metrics as oracle

from training.measuring.metrics import METRICS, Floats, Ranked, measure


def sample(seed: int, n: int = 400, decimals: int = 15) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(seed)
    p = chance.beta(1, 4, n).round(decimals)
    return (chance.random(n) < p).astype(np.float64), p


def one(y: Floats, p: Floats, metric: str) -> float:
    return float(measure(Ranked(y, p))[metric][0])


@pytest.mark.parametrize("decimals", [15, 2, 1])
@pytest.mark.parametrize("seed", range(3))
def test_metrics_equal_those_of_scikit_learn_with_and_without_ties(seed: int, decimals: int) -> None:
    y, p = sample(seed, decimals=decimals)
    found = measure(Ranked(y, p))

    assert found["roc_auc"][0] == pytest.approx(oracle.roc_auc_score(y, p))
    assert found["average_precision"][0] == pytest.approx(oracle.average_precision_score(y, p))
    assert found["brier"][0] == pytest.approx(oracle.brier_score_loss(y, p))
    assert found["log_loss"][0] == pytest.approx(oracle.log_loss(y, np.clip(p, 1e-15, 1 - 1e-15)))


def test_weighing_a_lead_twice_is_the_same_as_having_it_twice() -> None:
    y, p = sample(1, n=50, decimals=1)
    weights = np.random.default_rng(2).integers(0, 4, 50)
    weighted = measure(Ranked(y, p), weights[None, :].astype(np.float64))
    repeated = measure(Ranked(np.repeat(y, weights), np.repeat(p, weights)))

    assert {name: weighted[name][0] for name in METRICS} == pytest.approx({name: repeated[name][0] for name in METRICS})


def test_the_order_of_rows_changes_no_metric() -> None:
    y, p = sample(3, decimals=1)
    order = np.random.default_rng(4).permutation(len(y))
    there, mixed = measure(Ranked(y, p)), measure(Ranked(y[order], p[order]))

    assert {name: there[name][0] for name in METRICS} == pytest.approx({name: mixed[name][0] for name in METRICS})


def test_calibration_error_is_the_mean_gap_of_ten_bins_of_equal_size() -> None:
    y, p = sample(5)
    bins = np.array_split(np.argsort(-p), 10)

    assert one(y, p, "expected_calibration_error") == pytest.approx(
        np.mean([abs(p[each].mean() - y[each].mean()) for each in bins])
    )


def test_lift_and_captured_sqls_count_the_leads_that_score_highest() -> None:
    y, p = sample(6)
    best = np.argsort(-p)

    assert one(y, p, "lift_top_tenth") == pytest.approx(y[best[:40]].mean() / y.mean())
    assert one(y, p, "sqls_in_top_30_percent") == pytest.approx(y[best[:120]].sum() / y.sum())


def test_where_all_scores_are_equal_nothing_is_ranked() -> None:
    y = np.array([1.0] * 20 + [0.0] * 80)
    p = np.full(100, 0.2)

    assert one(y, p, "roc_auc") == pytest.approx(0.5)
    assert one(y, p, "lift_top_tenth") == pytest.approx(1.0)
    assert one(y, p, "sqls_in_top_30_percent") == pytest.approx(0.3)


def test_what_needs_both_outcomes_is_not_defined_with_one() -> None:
    y, p = np.zeros(10), np.full(10, 0.3)

    assert np.isnan(one(y, p, "roc_auc"))
    assert np.isnan(one(y, p, "lift_top_tenth"))
    assert one(y, p, "brier") == pytest.approx(0.09)


def test_a_certain_and_wrong_prediction_has_a_finite_loss() -> None:
    assert one(np.array([0.0, 1.0]), np.array([1.0, 1.0]), "log_loss") == pytest.approx(-np.log(1e-15) / 2, rel=0.01)
