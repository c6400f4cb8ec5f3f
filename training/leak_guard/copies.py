"""Columns that say the same as a leak in other words."""

from collections.abc import Iterator, Sequence

import numpy as np

from training.leak_guard.leak import Leak, Place
from training.leak_guard.searched import Column, Searched

MOST_LEVELS = 0.5  # to leads: two ids of a lead each tell the other, and nothing else
LEAST_LEADS = 20


def search_copies(searched: Searched, leaks: Sequence[Leak]) -> Iterator[Leak]:
    """Look for columns that are re-codings, level for level, of one of the `leaks` found so far."""
    by_name = {column.name: column for column in searched.columns}
    found = {leak.name: leak for leak in leaks if leak.place is Place.COLUMN}
    for leak in found.values():
        for column in searched.columns:
            if column.name not in found and _recoded(by_name[leak.name], column):
                said = f"is a re-coding of {leak.name!r}, which {leak.evidence}"
                yield Leak(column.name, leak.severity, said)


def _recoded(one: Column, other: Column) -> bool:
    levels, leads = len(one.levels), int(one.filled.sum())
    if levels != len(other.levels) or not 2 <= levels <= MOST_LEVELS * leads or leads < LEAST_LEADS:
        return False
    if (one.filled != other.filled).any():
        return False
    together = one.codes[one.filled].astype(np.int64) * levels + other.codes[one.filled]
    return len(np.unique(together)) == levels
