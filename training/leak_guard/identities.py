"""Ids, free text and running numbers: what each lead has of its own says nothing of the next."""

from collections.abc import Iterator

import numpy as np

from features.attributes import Kind
from features.findings import Severity
from training.leak_guard.leak import Leak
from training.leak_guard.searched import Column, Searched

LEAST_LEADS = 100
ITS_OWN = 0.9  # distinct values to filled cells
STRAIGHT = 0.99  # correlation of a serial number's values with their ranks; amounts of any kind bend more
GROWING = 0.98  # correlation of a running number with the order of arrival


def search_identities(searched: Searched) -> Iterator[Leak]:
    """Look for columns in which nearly each lead has a value of its own."""
    for column in searched.columns:
        leads = int(column.filled.sum())
        if leads < LEAST_LEADS or len(column.levels) < ITS_OWN * leads:
            continue
        own = f"has {len(column.levels):,} different values on {leads:,} leads"
        if column.kind is Kind.CATEGORY:
            said = f"{own}: an id or free text, of which nothing carries over to new leads"
            yield Leak(column.name, Severity.WARNING, said, knows_outcome=False)
        elif column.kind is Kind.NUMBER and _is_serial(column):
            yield Leak(column.name, Severity.WARNING, f"{own}: {_serial_words(column)}", knows_outcome=False)


def _is_serial(column: Column) -> bool:
    """Say whether whole numbers are spread evenly from first to last, as those that a counter or an id gives out."""
    numbers = np.sort(column.values.drop_nulls().to_numpy())
    if (numbers % 1).any() or numbers[0] == numbers[-1]:
        return False
    return float(np.corrcoef(numbers, np.arange(len(numbers)))[0, 1]) >= STRAIGHT


def _serial_words(column: Column) -> str:
    numbers = column.values.drop_nulls().to_numpy()
    growth = float(np.corrcoef(numbers, np.flatnonzero(column.filled))[0, 1])
    if abs(growth) >= GROWING:
        return f"a running number that follows the order of arrival (correlation {growth:.3f}); new leads lie beyond it"
    return "an id, of which nothing carries over to new leads"
