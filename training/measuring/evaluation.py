"""What a model was worth on leads it had not seen, with intervals: the numbers that reports and MLflow show."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from features.wilson import wilson
from training.measuring.bootstrap import intervals
from training.measuring.metrics import BINS, METRICS, Floats, Ranked, bins, measure

UNDEFINED = dict.fromkeys(METRICS, (math.nan, math.nan))


@dataclass(frozen=True)
class Tenth:
    """A tenth of the leads by score; `tenth` 1 has the highest.

    `predicted` is the mean probability, `observed` the rate that came true, `low` to `high` its 95 % interval (Wilson).
    """

    tenth: int
    leads: int
    predicted: float
    observed: float
    low: float
    high: float


@dataclass(frozen=True)
class Evaluation:
    """Metrics on one set of leads; each has a 95 % bootstrap interval of the same name, NaN where it tells nothing.

    Ranking: roc_auc, average_precision, lift_top_tenth, sqls_in_top_30_percent. Calibration:
    log_loss, brier, expected_calibration_error. NaN where only one outcome is there and a metric needs both.
    """

    leads: int
    positives: int
    metrics: dict[str, float]
    intervals: dict[str, tuple[float, float]]
    tenths: tuple[Tenth, ...]

    def to_json(self) -> dict[str, Any]:
        """Give the evaluation as plain JSON values; what is not defined is null."""
        return {
            "leads": self.leads,
            "positives": self.positives,
            **{name: _number(value) for name, value in self.metrics.items()},
            "intervals": {name: [_number(end) for end in ends] for name, ends in self.intervals.items()},
            "tenths": [asdict(tenth) for tenth in self.tenths],
        }


def evaluate(y: Floats, predictions: Mapping[str, Floats], seed: int) -> dict[str, Evaluation]:
    """Evaluate each model's probabilities [n] against what happened, `y` [n] of 1 and 0, on the same resamples.

    Without any lead no metric is defined; with one outcome no interval is, as every resample has that outcome too.
    """
    if not len(y):
        return dict.fromkeys(predictions, Evaluation(0, 0, dict.fromkeys(METRICS, math.nan), UNDEFINED, ()))
    found = intervals(y, predictions, seed) if 0 < y.sum() < len(y) else dict.fromkeys(predictions, UNDEFINED)
    return {name: _evaluation(Ranked(y, p), found[name]) for name, p in predictions.items()}


def tenths(ranked: Ranked) -> tuple[Tenth, ...]:
    """Cut the leads into tenths by probability; fewer than ten leads give a row each."""
    n = len(ranked.y)
    parts = min(BINS, n)
    edges = np.round(np.linspace(0, n, parts + 1))
    curves = ranked.curves(np.ones((1, n)))
    leads, positives, predicted = (each[0] for each in bins(curves, edges / n))
    return tuple(
        Tenth(
            i + 1,
            round(count),
            float(predicted[i] / count),
            float(positives[i] / count),
            *wilson(float(positives[i]), float(count)),
        )
        for i, count in enumerate(leads)
    )


def _evaluation(ranked: Ranked, found: dict[str, tuple[float, float]]) -> Evaluation:
    metrics = {name: float(value[0]) for name, value in measure(ranked).items()}
    return Evaluation(len(ranked.y), int(ranked.y.sum()), metrics, found, tenths(ranked))


def _number(value: float) -> float | None:
    return None if math.isnan(value) else value
