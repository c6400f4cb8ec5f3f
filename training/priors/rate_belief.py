"""What to believe of the share of leads that become SQLs, from what was declared and the few outcomes there are."""

from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from scipy.special import betaincinv

from features.config import Priors
from training.measuring.metrics import Floats

JEFFREYS = 0.5  # pseudo SQLs and pseudo others where nothing is declared: Jeffreys (1946), says least beforehand
TAILS = (0.025, 0.975)


@dataclass(frozen=True)
class RateBelief:
    """The mean of the belief and its 95 % interval, with what it rests on.

    leads, sqls: outcomes that are known. declared_rate: what the company declared, with the weight of so many
    `declared_leads`; None where it declared nothing.
    """

    rate: float
    low: float
    high: float
    leads: int
    sqls: int
    declared_rate: float | None
    declared_leads: float | None

    def to_json(self) -> dict[str, Any]:
        """Give the belief as plain JSON values."""
        return asdict(self)


def believe(y: Floats, priors: Priors) -> RateBelief:
    """Give the belief after outcomes `y` [n] of 1 and 0, n may be 0: a Beta distribution, updated by counting.

    >>> belief = believe(np.array([1.0, 0.0, 0.0]), Priors(rate=0.2, leads=50))
    >>> round(belief.rate, 3), round(belief.low, 2), round(belief.high, 2)
    (0.208, 0.11, 0.33)
    """
    sqls, others = float(np.sum(y)), float(len(y) - np.sum(y))
    if priors.rate is None:
        before = (JEFFREYS, JEFFREYS)
    else:
        before = (priors.rate * priors.leads, (1 - priors.rate) * priors.leads)
    a, b = before[0] + sqls, before[1] + others
    low, high = (float(betaincinv(a, b, tail)) for tail in TAILS)
    declared_leads = None if priors.rate is None else priors.leads
    return RateBelief(a / (a + b), low, high, len(y), int(sqls), priors.rate, declared_leads)
