"""Columns that hold something only once sales has decided."""

from collections.abc import Collection, Iterator
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.findings import Severity
from features.labels import Fate
from features.problems import shorten
from features.tables import Tables
from training.leak_guard.leak import Leak
from training.leak_guard.searched import BLOCKS_OF_ARRIVAL, Column, columns_of, evenly
from training.measuring.metrics import Floats

LEAST_UNDECIDED = 50
ALL_THE_SAME = 0.98  # of the undecided leads
SELDOM = 0.5  # of the decided leads of the same time


def search_known_after(tables: Tables, y: Floats, allowed: Collection[str]) -> Iterator[Leak]:
    """Compare leads that sales has decided on with undecided ones of the same time.

    A column that is the same, empty most often, on all undecided leads and otherwise on most of the decided is
    filled in by deciding. `y` is float64[leads], NaN for a lead left out.
    """
    rows = evenly(np.argsort(tables.leads["arrival"].to_numpy(), kind="stable"))
    leads = tables.leads[rows]
    decided = ~np.isnan(y[rows]) | _has_decision(leads, tables)
    severity = Severity.WARNING if tables.outcomes is None else Severity.ERROR
    decided, kept = _comparable(decided)
    if (~decided).sum() < LEAST_UNDECIDED:
        return
    for column in columns_of(leads.filter(pl.Series(kept)), tables.attributes, allowed):
        yield from _known_after(column, decided, severity)


def _has_decision(leads: pl.DataFrame, tables: Tables) -> NDArray[np.bool_]:
    if tables.outcomes is None:
        return np.zeros(leads.height, dtype=np.bool_)
    worked = tables.outcomes.filter(pl.col("outcome") != Fate.UNWORKED.value)
    return leads["lead_id"].is_in(worked["lead_id"].implode()).to_numpy()


def _comparable(decided: NDArray[np.bool_]) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Keep the blocks of time in which there are decided and undecided leads: other times differ in more than that."""
    kept = np.zeros(len(decided), dtype=np.bool_)
    edges = np.linspace(0, len(decided), BLOCKS_OF_ARRIVAL + 1).round().astype(int)
    for start, end in pairwise(edges):
        kept[start:end] = 0 < decided[start:end].sum() < end - start
    return decided[kept], kept


def _known_after(column: Column, decided: NDArray[np.bool_], severity: Severity) -> Iterator[Leak]:
    undecided = int((~decided).sum())
    codes = column.codes + 1
    counts = np.bincount(codes[~decided])
    usual = int(counts.argmax())
    same, seldom = int(counts[usual]), int((codes[decided] == usual).sum())
    if same < ALL_THE_SAME * undecided or seldom > SELDOM * decided.sum():
        return
    state = "empty" if usual == 0 else f"{shorten(str(column.levels[usual - 1]))!r}"
    said = (
        f"is {state} on {same:,} of {undecided:,} leads that sales has not decided on, and otherwise on "
        f"{decided.sum() - seldom:,} of {decided.sum():,} leads of the same time that it has"
    )
    yield Leak(column.name, severity, said)
