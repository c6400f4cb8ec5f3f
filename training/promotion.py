"""Whether a new model becomes champion: a paired comparison on leads that neither model learned from."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from training.evaluation import Evaluation
from training.metrics import Floats

RESAMPLES = 2_000
FEWEST_LEADS, FEWEST_SQLS = 100, 10  # fewer newer leads cannot tell two models apart
CLIP = 1e-15


@dataclass(frozen=True)
class Comparison:
    """How much less log loss the challenger has than the champion on the same leads; above 0 it is better.

    `low` to `high` is the 95 % interval of a paired bootstrap over the leads.
    """

    champion: str
    leads: int
    sqls: int
    gain: float
    low: float
    high: float

    def to_json(self) -> dict[str, Any]:
        """Give the comparison as plain JSON values."""
        return {
            "champion": self.champion,
            "leads": self.leads,
            "sqls": self.sqls,
            "log_loss_gain": self.gain,
            "interval": [self.low, self.high],
        }


@dataclass(frozen=True)
class Decision:
    """Whether the new model becomes champion, and why, as a sentence."""

    promote: bool
    why: str


def compare(champion: str, y: Floats, challenger_p: Floats, champion_p: Floats, seed: int) -> Comparison:
    """Compare two models' probabilities [n] of the same leads against what happened, `y` [n] of 1 and 0."""
    gains = _losses(y, champion_p) - _losses(y, challenger_p)
    chance = np.random.default_rng(seed)
    means = [gains[chance.integers(len(gains), size=len(gains))].mean() for _ in range(RESAMPLES)] if len(y) else [0.0]
    low, high = np.quantile(means, [0.025, 0.975])
    gain = float(gains.mean()) if len(y) else 0.0
    return Comparison(champion, len(y), int(y.sum()), gain, float(low), float(high))


def decide(holdout: Evaluation, comparison: Comparison | None, forced: bool | None) -> Decision:
    """Decide by evidence, unless a person `forced` it either way; without a champion there is no comparison."""
    low, high = holdout.intervals["roc_auc"]
    if forced is not None:
        return Decision(forced, "asked for by --promote" if forced else "asked for by --no-promote")
    if not low > 0.5:  # also where it is not defined
        what = f"the ROC AUC on the newest leads may be anything from {low:.2f} to {high:.2f}, and .50 is pure chance"
        return Decision(False, f"nothing shows that it ranks better than chance: {what}")
    if comparison is None:
        return Decision(True, "it is the first model, and it ranks better than chance")
    return _against_champion(comparison)


def _against_champion(comparison: Comparison) -> Decision:
    if comparison.leads < FEWEST_LEADS or comparison.sqls < FEWEST_SQLS:
        found = f"{comparison.leads:,} leads with {comparison.sqls:,} SQLs are newer than those it learned from"
        return Decision(False, f"too little to compare it with version {comparison.champion}: only {found}")
    interval = f"{comparison.gain:+.4f} ({comparison.low:+.4f} to {comparison.high:+.4f})"
    basis = f"log loss gain over version {comparison.champion} on the same {comparison.leads:,} newer leads: {interval}"
    return Decision(comparison.low > 0, f"{'better' if comparison.low > 0 else 'not surely better'}; {basis}")


def _losses(y: Floats, p: Floats) -> Floats:
    clipped = np.clip(p, CLIP, 1 - CLIP)
    return np.asarray(-(y * np.log(clipped) + (1 - y) * np.log1p(-clipped)))
