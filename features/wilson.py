"""How far a rate counted on few leads can be trusted."""

from math import sqrt

Z_95 = 1.959963984540054  # of a normal variable, 95 % lie within so many deviations


def wilson(positives: float, leads: float) -> tuple[float, float]:
    """Give the 95 % interval of a rate by Wilson (1927): sane with few leads, and at rates of 0 and 1.

    `positives` may be a fraction, as where equal scores are shared between two tenths. No leads: (0, 1).

    >>> low, high = wilson(20, 50)
    >>> round(low, 2), round(high, 2)
    (0.28, 0.54)
    """
    if leads <= 0:
        return 0.0, 1.0
    rate, weight = positives / leads, Z_95**2 / leads
    middle = (rate + weight / 2) / (1 + weight)
    half = Z_95 * sqrt(rate * (1 - rate) / leads + weight / (4 * leads)) / (1 + weight)
    return max(0.0, middle - half), min(1.0, middle + half)
