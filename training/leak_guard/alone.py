"""Columns that alone tell SQLs from other leads."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.attributes import Kind
from features.findings import Severity
from training.leak_guard.column_auc import chance_deviation, codes_auc, value_codes
from training.leak_guard.leak import Leak, Place
from training.leak_guard.outcome_words import speaks_of_outcome
from training.leak_guard.searched import Searched
from training.measuring.metrics import Floats

DECIDING_AUC = 0.95  # alone; no column that people fill in before the outcome comes near
TELLING_AUC = 0.75  # alone; clean columns of real exports reach .70
SPOKEN_AUC = 0.65  # where the very name speaks of the outcome
DEVIATIONS = 4.0  # from chance, or few leads would make any column look strong


def search_alone(searched: Searched) -> Iterator[Leak]:
    """Look at each column, and at the count of each event type, alone."""
    for column in searched.columns:
        codes = column.codes + 1 if column.kind is Kind.CATEGORY else value_codes(column.comparable)
        yield from _alone(column.name, codes, searched.y, Place.COLUMN)
    for event_type, counts in searched.event_counts.items():
        yield from _alone(event_type, value_codes(pl.Series(counts)), searched.y, Place.EVENT_TYPE)


def _alone(name: str, codes: NDArray[np.intp], y: Floats, place: Place) -> Iterator[Leak]:
    auc = codes_auc(codes, y)
    spoken = speaks_of_outcome(name)
    if auc < max(SPOKEN_AUC if spoken else TELLING_AUC, 0.5 + DEVIATIONS * chance_deviation(y)):
        return
    severity = Severity.ERROR if auc >= DECIDING_AUC else Severity.WARNING
    said = f"alone tells SQLs from other leads of the same time with an AUC of {auc:.2f} (chance is 0.50)"
    if place is Place.EVENT_TYPE:
        said = f"their count {said}"
    yield Leak(name, severity, f"{said}, and its name speaks of the outcome" if spoken else said, place)
