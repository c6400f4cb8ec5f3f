"""Values that only winners or only losers have."""

from collections.abc import Iterator

import numpy as np

from features.attributes import Kind
from features.findings import Severity
from features.problems import shorten
from features.words import number
from training.leak_guard.leak import Leak
from training.leak_guard.one_sided import OneSided, one_sided, one_sided_groups
from training.leak_guard.outcome_words import speaks_of_outcome
from training.leak_guard.searched import Column, Searched
from training.measuring.metrics import Floats

FEWEST, LITTLE_SURPRISE = 5, 1e-3  # enough where the value itself names an outcome


def search_values(searched: Searched) -> Iterator[Leak]:
    """Look at each value, at all but the most common, and at both ends of a number.

    That a number's value never wins is common (no visit, no purchase) and no leak; that only it wins is one.
    """
    for column in searched.columns:
        if column.kind is Kind.CATEGORY:
            yield from _levels(column, searched.y)
        elif column.kind is not Kind.DATE:
            yield from _numbers(column, searched.y)
            yield from _others(column, searched.y)
            yield from _ends(column, searched.y)


def _levels(column: Column, y: Floats) -> Iterator[Leak]:
    sure = dict(one_sided_groups(column.codes, y))
    for code, found in one_sided_groups(column.codes, y, FEWEST, LITTLE_SURPRISE):
        level = str(column.levels[code])
        spoken = speaks_of_outcome(level)
        if code in sure:
            severity = found.severity if found.won or spoken else Severity.WARNING
            yield Leak(column.name, severity, f"holds {shorten(level)!r} on {found.say()}")
        elif spoken:
            said = f"holds {shorten(level)!r}, which speaks of the outcome, on {found.say()}"
            yield Leak(column.name, Severity.WARNING, said)


def _numbers(column: Column, y: Floats) -> Iterator[Leak]:
    for code, found in one_sided_groups(column.codes, y):
        if found.won:
            yield _leak(column, found, f"is {number(float(column.levels[code]))} on")


def _others(column: Column, y: Floats) -> Iterator[Leak]:
    """Look at what is not the usual value: an amount of money that only winners have is 0 for all others."""
    inside = column.codes[column.filled]
    if not len(inside):
        return
    usual = int(np.bincount(inside).argmax())
    found = one_sided(column.filled & (column.codes != usual), y)
    if found and found.won:
        yield _leak(column, found, f"is other than {number(float(column.levels[usual]))} on")


def _ends(column: Column, y: Floats) -> Iterator[Leak]:
    """Look at what lies beyond every lead that did not become an SQL."""
    lost = column.codes[column.filled & (y == 0)]
    if not len(lost):
        return
    for which, end, chosen in (
        ("above", lost.max(), column.codes > lost.max()),
        ("below", lost.min(), column.filled & (column.codes < lost.min())),
    ):
        found = one_sided(chosen, y)
        if found:
            yield _leak(column, found, f"is {which} {number(float(column.levels[int(end)]))} on")


def _leak(column: Column, found: OneSided, said: str) -> Leak:
    return Leak(column.name, found.severity, f"{said} {found.say()}")
