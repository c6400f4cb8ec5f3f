"""How far metrics would move if other leads had come: 95 % intervals by resampling the leads."""

from collections.abc import Iterator, Mapping

import numpy as np

from training.measuring.metrics import METRICS, Floats, Ranked, measure

RESAMPLES = 1_000
FEWEST_RESAMPLES = 200  # enough for the 2.5 % tails of the many leads that call for fewer
CELLS = 20_000_000  # leads times resamples: about two seconds a model
CHUNK_CELLS = 1_000_000  # keeps the working memory to some ten megabytes
PERCENTILES = (2.5, 97.5)

Intervals = dict[str, tuple[float, float]]


def intervals(y: Floats, predictions: Mapping[str, Floats], seed: int) -> dict[str, Intervals]:
    """Give, for each model's probabilities [n], the 95 % percentile interval of every metric.

    All models are measured on the same resamples of the leads. NaN where a metric is never defined.
    Source: Efron and Tibshirani, An Introduction to the Bootstrap (1993), chapter 13.
    """
    ranked = {name: Ranked(y, p) for name, p in predictions.items()}
    drawn: dict[str, dict[str, list[Floats]]] = {name: {metric: [] for metric in METRICS} for name in ranked}
    for weights in _resamples(len(y), seed):
        for name, leads in ranked.items():
            for metric, values in measure(leads, weights).items():
                drawn[name][metric].append(values)
    return {
        name: {metric: _interval(np.concatenate(values)) for metric, values in found.items()}
        for name, found in drawn.items()
    }


def _resamples(n: int, seed: int) -> Iterator[Floats]:
    """Yield how often each lead was drawn, [some resamples, n]."""
    rng = np.random.default_rng(seed)
    left = int(np.clip(CELLS // n, FEWEST_RESAMPLES, RESAMPLES))
    while left > 0:
        rows = min(left, max(1, CHUNK_CELLS // n))
        drawn = rng.integers(0, n, (rows, n)) + n * np.arange(rows)[:, None]
        yield np.bincount(drawn.ravel(), minlength=rows * n).reshape(rows, n).astype(np.float64)
        left -= rows


def _interval(values: Floats) -> tuple[float, float]:
    defined = values[~np.isnan(values)]
    if not len(defined):
        return float("nan"), float("nan")
    low, high = np.percentile(defined, PERCENTILES)
    return float(low), float(high)
