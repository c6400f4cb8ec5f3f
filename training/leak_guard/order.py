"""Orders that give the outcome away: of a counter or a timestamp, or of the leads themselves."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from features.attributes import Kind
from features.findings import Severity
from training.leak_guard.leak import Leak, Place
from training.leak_guard.searched import Column, Searched
from training.measuring.metrics import Floats

ARRIVAL = "order of arrival"
LEAST_LEADS = 100
MANY_VALUES = 0.5  # distinct values to filled cells; fewer have no order to speak of
ORDERED, TELLING = 0.5, 0.3  # how far neighbours agree, from 0 for chance to 1 for always


def search_order(searched: Searched) -> Iterator[Leak]:
    """Look at whether leads that are neighbours in a column's order share their outcome."""
    for column in searched.columns:
        if column.filled.sum() >= LEAST_LEADS and len(column.levels) >= MANY_VALUES * column.filled.sum():
            yield from _ordered(column, searched.y)


def search_arrival(searched: Searched) -> Iterator[Leak]:
    """Look at whether the leads themselves lie sorted by outcome: then no split by time means anything."""
    agreement = neighbours_agree(searched.y)
    if len(searched.y) >= LEAST_LEADS and agreement >= ORDERED:
        same = int((searched.y[1:] == searched.y[:-1]).sum())
        said = (
            f"the leads lie sorted by outcome: {same:,} of {len(searched.y) - 1:,} share that of the lead before; the "
            "order in which they came must be known, by handed_over_at or order in [leads]"
        )
        yield Leak(ARRIVAL, Severity.ERROR, said, Place.LEADS)


def neighbours_agree(y: Floats) -> float:
    """Give how far each lead's outcome is that of the one before, from 0 as by chance to 1 always.

    >>> neighbours_agree(np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])).__round__(2)
    0.6
    """
    by_chance = y.mean() ** 2 + (1 - y.mean()) ** 2
    if len(y) < 2 or by_chance == 1:
        return 0.0
    return float(((y[1:] == y[:-1]).mean() - by_chance) / (1 - by_chance))


def _ordered(column: Column, y: Floats) -> Iterator[Leak]:
    known = y[column.filled]
    order: NDArray[np.intp] = np.argsort(column.codes[column.filled], kind="stable")
    if column.kind is Kind.DATE and not column.as_of.count():
        return  # the leads' own order, most likely
    found, by_arrival = neighbours_agree(known[order]), max(neighbours_agree(known), 0.0)
    if found - by_arrival < TELLING:
        return
    said = (
        f"puts leads of one outcome side by side: sorted by it, neighbours' outcomes agree {found:.2f} of the way from "
        f"chance to always, {by_arrival:.2f} in the order of arrival"
    )
    # Leads of one account, which often fare alike, have neighbouring texts; and no model learns from a text's order.
    grave = found - by_arrival >= ORDERED and column.kind is not Kind.CATEGORY
    yield Leak(column.name, Severity.ERROR if grave else Severity.WARNING, said)
