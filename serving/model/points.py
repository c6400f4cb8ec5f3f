"""Points: log-odds on a scale that people can add up. 0 is the average training lead; each +20 doubles the odds."""

import math
from typing import overload

import numpy as np
from numpy.typing import NDArray

POINTS_PER_LOG_ODDS = 20 / math.log(2)


@overload
def probability_at(log_odds: float) -> float: ...
@overload
def probability_at(log_odds: NDArray[np.float64]) -> NDArray[np.float64]: ...
def probability_at(log_odds: float | NDArray[np.float64]) -> float | NDArray[np.float64]:
    """Give the probability at given log-odds, without overflow at either end.

    >>> probability_at(0.0)
    0.5
    """
    probability = np.exp(-np.logaddexp(0.0, -log_odds))  # one way for both, so that they agree to the last bit
    return np.asarray(probability) if isinstance(log_odds, np.ndarray) else float(probability)


def signed(points: float) -> str:
    """Give points as a salesperson reads them.

    >>> signed(13.6), signed(-2.2), signed(0.3)
    ('+14', '-2', '+0')
    """
    return f"{points:+.0f}"
