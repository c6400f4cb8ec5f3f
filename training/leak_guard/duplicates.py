"""Leads that are in the data twice, on both sides of the split by time."""

from collections.abc import Iterator

import numpy as np
import polars as pl

from features.findings import Severity
from features.tables import ATTRIBUTE_PREFIX
from training.leak_guard.leak import Leak, Place
from training.leak_guard.searched import Searched

DUPLICATES = "duplicate leads"
LEAST_PAIRS, LEAST_WON = 20, 5
SAME_OUTCOME = 0.9  # correlation within pairs; leads that are alike by chance are far from it
DISTINCT = 0.5  # of the leads; where fewer are, all leads are alike, and nothing is a copy
MANY = 0.2  # of the newest leads
NO_TWINS = pl.DataFrame(schema={"y": pl.Float64, "y_older": pl.Float64})


def search_duplicates(searched: Searched) -> Iterator[Leak]:
    """Look for newest leads that are alike in everything with an older one, its outcome included.

    Few columns make many leads alike by chance; only copies share their outcome throughout.
    """
    twins = _twins(searched)
    newest = len(searched.y) - searched.older
    if twins.height < LEAST_PAIRS or min(twins["y"].sum(), twins["y_older"].sum()) < LEAST_WON:
        return
    y, older = twins["y"].to_numpy(), twins["y_older"].to_numpy()
    if y.std() == 0 or older.std() == 0 or np.corrcoef(y, older)[0, 1] < SAME_OUTCOME:
        return
    severity = Severity.ERROR if twins.height >= MANY * newest else Severity.WARNING
    said = (
        f"{twins.height:,} of the newest {newest:,} leads, on which the model is tested, repeat an older lead in every "
        f"column, and the outcome of {int((y == older).sum()):,} of them too"
    )
    yield Leak(DUPLICATES, severity, said, Place.LEADS)


def _twins(searched: Searched) -> pl.DataFrame:
    """Give `y` and `y_older` of each newest lead and the last older lead that is like it."""
    attributes = searched.leads.select(pl.col(f"^{ATTRIBUTE_PREFIX}.*$"))
    counts = pl.DataFrame({f"events:{name}": each for name, each in searched.event_counts.items()})
    described = pl.concat([attributes, counts], how="horizontal") if counts.width else attributes
    if not described.width:
        return NO_TWINS
    told = described.hash_rows().alias("told")
    if told.n_unique() < DISTINCT * len(told):
        return NO_TWINS
    rows = pl.DataFrame({"told": told, "y": searched.y})
    older = rows[: searched.older].unique("told", keep="last", maintain_order=True).rename({"y": "y_older"})
    return rows[searched.older :].join(older, on="told", maintain_order="left").select("y", "y_older")
