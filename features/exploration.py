"""Which leads a worklist mixes in at random, whatever their score.

Sales works the leads that score high, so a model that learns from worked leads alone never hears of the others. A
small share drawn by nothing but chance keeps it honest; their outcomes are reported apart.
"""

import hashlib
from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

_SPAN = 2**64


def choose_exploration(lead_ids: Iterable[str], share: float, seed: int = 0) -> NDArray[np.bool_]:
    """Say of each lead whether it is drawn, bool[leads]; about `share` (0 to 1) of many leads are.

    A hash of the id decides, so a lead is drawn or not whichever leads stand beside it, today and tomorrow, on every
    machine. Another `seed` draws others.

    >>> choose_exploration(["a", "b", "c", "d"], 0.5, seed=0).tolist()
    [False, False, True, True]
    """
    return np.array([draw_of(lead_id, seed) < share for lead_id in lead_ids], dtype=bool)


def draw_of(lead_id: str, seed: int = 0) -> float:
    """Give the lead's place in the lot, in [0, 1), which depends on nothing but the id and the seed.

    >>> draw_of("a") == draw_of("a"), draw_of("a") == draw_of("b")
    (True, False)
    """
    digest = hashlib.blake2b(lead_id.encode(), digest_size=8, key=seed.to_bytes(8, "big")).digest()
    return int.from_bytes(digest, "big") / _SPAN
