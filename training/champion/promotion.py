"""Whether a new model becomes champion: a paired comparison on leads that neither model learned from.

It is promoted when it is surely better than the champion; or when the champion is old and the new model is surely
not worse. The best version so far is a second yardstick: many small steps that are each "not worse" could otherwise
lead a long way down.
"""

from dataclasses import dataclass
from math import isnan
from typing import Any

import numpy as np

from training.measuring.evaluation import Evaluation
from training.measuring.metrics import CLIP, Floats

RESAMPLES = 2_000
FEWEST_LEADS, FEWEST_SQLS = 100, 10  # fewer newer leads cannot tell two models apart
ROUNDING = 1e-6  # a gain so small is the noise of arithmetic: the same recipe fitted twice on the same leads
MARGIN = 0.05  # of what the other model is worth; see `Comparison.margin`


@dataclass(frozen=True)
class Comparison:
    """How much less log loss the challenger has than another version on the same leads; above 0 it is better.

    `low` to `high` is the 95 % interval of a paired bootstrap over the leads. `margin` is the loss that counts as
    "not worse": a twentieth of what the other version gains over these leads' own base rate, and so about a hundredth
    of its loss where a model is good. A share of the worth, not of the loss, stays small where a model is worth little;
    where the other version is worth nothing, it is 0.
    """

    champion: str
    leads: int
    sqls: int
    gain: float
    low: float
    high: float
    margin: float = 0.0

    @property
    def is_enough(self) -> bool:
        """Say whether there are leads enough to tell two models apart."""
        return self.leads >= FEWEST_LEADS and self.sqls >= FEWEST_SQLS

    @property
    def is_better(self) -> bool:
        """Say whether the challenger is better, with 95 %."""
        return self.is_enough and self.low > ROUNDING

    @property
    def is_not_worse(self) -> bool:
        """Say whether the challenger is not worse by more than the margin, with 95 %."""
        return self.is_enough and self.low >= -self.margin

    def to_json(self) -> dict[str, Any]:
        """Give the comparison as plain JSON values."""
        return {
            "champion": self.champion,
            "leads": self.leads,
            "sqls": self.sqls,
            "log_loss_gain": self.gain,
            "interval": [self.low, self.high],
            "margin": self.margin,
        }


@dataclass(frozen=True)
class Age:
    """How old the champion is, and from when on a model that is not worse takes its place; in days."""

    days: float
    limit: int

    @property
    def is_over(self) -> bool:
        """Say whether the champion is older than the limit."""
        return self.days > self.limit


@dataclass(frozen=True)
class Decision:
    """Whether the new model becomes champion, and why, as a sentence."""

    promote: bool
    why: str


def compare(champion: str, y: Floats, challenger_p: Floats, champion_p: Floats, seed: int) -> Comparison:
    """Compare two models' probabilities [n] of the same leads against what happened, `y` [n] of 1 and 0."""
    if not len(y):
        return Comparison(champion, 0, 0, 0.0, 0.0, 0.0)
    losses = _losses(y, champion_p)
    gains = losses - _losses(y, challenger_p)
    chance = np.random.default_rng(seed)
    means = [gains[chance.integers(len(gains), size=len(gains))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    worth = _losses(y, np.full(len(y), y.mean())).mean() - losses.mean()
    margin = MARGIN * max(0.0, float(worth))
    return Comparison(champion, len(y), int(y.sum()), float(gains.mean()), float(low), float(high), margin)


def decide(
    holdout: Evaluation,
    comparison: Comparison | None,
    forced: bool | None,
    *,
    best: Comparison | None = None,
    age: Age | None = None,
) -> Decision:
    """Decide by evidence, unless a person `forced` it either way; without a champion there is no comparison.

    `best` is the comparison with the best version so far where that is not the champion; it cannot stand in the way
    where too few leads are newer than what it learned from.
    """
    if forced is not None:
        return decide_by_hand(forced)
    low, high = holdout.intervals["roc_auc"]
    if isnan(low):
        return Decision(False, "nothing shows that it ranks better than chance: the newest leads have one outcome only")
    if not low > 0.5:
        what = f"the ROC AUC on the newest leads may be anything from {low:.2f} to {high:.2f}, and .50 is pure chance"
        return Decision(False, f"nothing shows that it ranks better than chance: {what}")
    if comparison is None:
        return Decision(True, "it is the first model, and it ranks better than chance")
    if best is not None and best.is_enough and not best.is_not_worse:
        why = f"it may be worse than version {best.champion}, the best so far, by more than {best.margin:.4f}"
        return Decision(False, f"{why}; {_basis(best)}")
    return _against_champion(comparison, age)


def decide_replacing(unreadable: str, holdout: Evaluation, forced: bool | None) -> Decision:
    """Decide where the champion, version `unreadable`, cannot be read and so can neither serve nor be compared."""
    decision = decide(holdout, None, forced)
    if forced is not None or not decision.promote:
        return decision
    return Decision(True, f"version {unreadable} cannot be read any more, and the new one ranks better than chance")


def decide_by_hand(promote: bool) -> Decision:
    """Give the decision that a person took."""
    return Decision(promote, "asked for by --promote" if promote else "asked for by --no-promote")


def _against_champion(comparison: Comparison, age: Age | None) -> Decision:
    if not comparison.is_enough:
        found = f"{comparison.leads:,} leads with {comparison.sqls:,} SQLs are newer than those it learned from"
        return Decision(False, f"too little to compare it with version {comparison.champion}: only {found}")
    if comparison.is_better:
        return Decision(True, f"better; {_basis(comparison)}")
    if age is not None and age.is_over and comparison.is_not_worse:
        old = f"version {comparison.champion} is {age.days:.0f} days old, more than {age.limit}"
        return Decision(True, f"not worse by more than {comparison.margin:.4f}, and {old}; {_basis(comparison)}")
    return Decision(False, f"not surely better; {_basis(comparison)}")


def _basis(comparison: Comparison) -> str:
    interval = f"{comparison.gain:+.4f} ({comparison.low:+.4f} to {comparison.high:+.4f})"
    return f"log loss gain over version {comparison.champion} on the same {comparison.leads:,} newer leads: {interval}"


def _losses(y: Floats, p: Floats) -> Floats:
    clipped = np.clip(p, CLIP, 1 - CLIP)
    return np.asarray(-(y * np.log(clipped) + (1 - y) * np.log1p(-clipped)))
