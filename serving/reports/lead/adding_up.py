"""Rounded numbers that still add up, for people who check the sum."""

import math
from collections.abc import Sequence


def adding_up(values: Sequence[float], digits: int = 1) -> list[float]:
    """Round values to so many digits so that they add up to their rounded sum (largest remainders first).

    Each is less than one unit of the last digit away from its value.

    >>> adding_up([3.14, 2.14, 1.14])
    [3.2, 2.1, 1.1]
    """
    units = 10**digits
    scaled = [value * units for value in values]
    whole = [math.floor(value) for value in scaled]
    missing = round(math.fsum(scaled)) - sum(whole)
    by_remainder = sorted(range(len(whole)), key=lambda at: whole[at] - scaled[at])
    for at in by_remainder[:missing]:
        whole[at] += 1
    return [value / units for value in whole]
