"""What a backtest comes to: figures by period, and pooled over all of them, as reports and MLflow show them."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from math import isnan
from typing import Any

import numpy as np

from features.wilson import wilson
from training.measuring.metrics import Floats, Ranked, measure
from training.over_time.backtest import Step


@dataclass(frozen=True)
class Figures:
    """How probabilities did on some leads. `roc_auc` is NaN where only one outcome is there.

    predicted is the mean probability, observed the rate that came true, low to high its 95 % interval (Wilson).
    """

    leads: int
    sqls: int
    log_loss: float
    roc_auc: float
    predicted: float
    observed: float
    low: float
    high: float

    def to_json(self) -> dict[str, Any]:
        """Give the figures as plain JSON values; what is not defined is null."""
        return {name: None if isnan(value) else value for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Pooled:
    """All periods together: as scored, without recalibration, and the rate known before each for everybody.

    `last_half` are the later periods as scored: of an odd number, the middle one is among them.
    """

    scored: Figures
    without_recalibration: Figures
    base_rate: Figures
    last_half: Figures


def figures(y: Floats, p: Floats) -> Figures:
    """Measure probabilities `p` [n] against what happened, `y` [n] of 1 and 0."""
    found = measure(Ranked(y, p))
    sqls = int(y.sum())
    return Figures(
        leads=len(y),
        sqls=sqls,
        log_loss=float(found["log_loss"][0]),
        roc_auc=float(found["roc_auc"][0]),
        predicted=float(p.mean()),
        observed=float(y.mean()),
        **dict(zip(("low", "high"), wilson(sqls, len(y)), strict=True)),
    )


def pool(steps: Sequence[Step]) -> Pooled:
    """Measure all periods together."""
    y = np.concatenate([step.y for step in steps])
    later = steps[len(steps) // 2 :]
    return Pooled(
        scored=figures(y, np.concatenate([step.p for step in steps])),
        without_recalibration=figures(y, np.concatenate([step.p_as_fitted for step in steps])),
        base_rate=figures(y, np.concatenate([np.full(len(step.y), step.base_rate) for step in steps])),
        last_half=figures(np.concatenate([step.y for step in later]), np.concatenate([step.p for step in later])),
    )


def backtest_json(steps: Sequence[Step]) -> dict[str, Any]:
    """Give the periods, oldest first, and the pooled figures as plain JSON values."""
    pooled = pool(steps)
    return {
        "periods": [_period_json(step) for step in steps],
        "pooled": pooled.scored.to_json(),
        "without_recalibration": pooled.without_recalibration.to_json(),
        "base_rate": pooled.base_rate.to_json(),
        "last_half": pooled.last_half.to_json(),
    }


def _period_json(step: Step) -> dict[str, Any]:
    begins = step.period.begins
    return {
        "period": step.period.name,
        "begins": None if begins is None else begins.isoformat(),
        **figures(step.y, step.p).to_json(),
        "predicted_without_recalibration": float(step.p_as_fitted.mean()),
        "learned_from": step.learned_from,
        "recalibration": step.recalibration.to_json(),
    }
