"""What a model learned from, in time: so that it is compared only on leads that came after all of that.

What counts is the newest lead with a known outcome. Leads whose horizon had not passed when a model was trained are
left out of its training, and become the very leads that it is compared on once they are old enough.
"""

from datetime import datetime
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from serving.model.scoring import ScoringModel


def learned_period(leads: pl.DataFrame, rows: NDArray[np.intp]) -> dict[str, Any]:
    """Give from when to when the known leads `rows` (oldest first, may be none) were handed over, as JSON values.

    `learned_from` and `learned_until` are null where only the order of arrival is known; `learned_in_order` is the
    number of leads, of whatever fate, up to the newest of them. Without known leads, null and 0.
    """
    if not len(rows):
        return {"learned_from": None, "learned_until": None, "learned_in_order": 0}
    handed_over = leads["as_of"]
    ends = [handed_over[int(rows[at])] for at in (0, -1)]
    return {
        "learned_from": _iso(ends[0]),
        "learned_until": _iso(ends[1]),
        "learned_in_order": int(leads["arrival"][int(rows[-1])]) + 1,
    }


def newer_than(model: ScoringModel, leads: pl.DataFrame) -> NDArray[np.bool_]:
    """Say, bool[leads], which leads came after every lead that the model learned from."""
    until = model.info.learned_until
    if until is not None:
        return np.asarray((leads["as_of"] > until).fill_null(value=False))
    return np.asarray(leads["arrival"] >= model.info.learned_in_order)


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()
