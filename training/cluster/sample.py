"""Leads to choose by, out of the partitions: all of them, or the newest and some of the older where they are many."""

from pathlib import Path

import numpy as np
import polars as pl
from distributed import Client
from numpy.typing import NDArray

from features.partitions import PLACE, Partitions, write_whole
from features.progress import Progress
from features.tables import Tables
from training.cluster.each_part import on_each_part
from training.cluster.part_file import part_file
from training.fitting.walk_forward import MOST_LEADS, thinned
from training.measuring.metrics import Floats

PLACES = "places.parquet"
LEADS, EVENTS, OUTCOMES = "picked-leads", "picked-events", "picked-outcomes"


def places_to_take(arrival: pl.Series, y: Floats, most: int = MOST_LEADS) -> NDArray[np.intp]:
    """Give the places of up to `most` leads with a known outcome and of as many others, ascending.

    Both are thinned in the order of arrival as leads to choose by always are. `arrival` and `y` (NaN where not known)
    are in the order of places.

    >>> places_to_take(pl.Series([3, 2, 1, 0]), np.array([1.0, 0.0, np.nan, 1.0]), most=2).tolist()
    [0, 2, 3]
    """
    order = np.argsort(arrival.to_numpy(), kind="stable")
    known = ~np.isnan(y[order])
    chosen = [leads[thinned(len(leads), most)] for leads in (order[known], order[~known])]
    return np.sort(np.concatenate(chosen))


def take(client: Client, partitions: Partitions, places: NDArray[np.intp], folder: Path, progress: Progress) -> Tables:
    """Give the leads at these places, in the file's order, with all their events and outcomes."""
    write_whole(pl.DataFrame({PLACE: places.astype(np.int64)}), folder / PLACES)
    parts = range(partitions.parts)
    on_each_part(client, pick, parts, progress, "Choosing leads", partitions=partitions, folder=folder)

    def together(kind: str) -> pl.DataFrame:
        return pl.concat([pl.read_parquet(part_file(folder, kind, part)) for part in parts])

    has_outcomes = part_file(folder, OUTCOMES, 0).exists()
    return Tables(
        leads=together(LEADS).sort(PLACE).drop(PLACE),
        events=together(EVENTS),
        outcomes=together(OUTCOMES) if has_outcomes else None,
        attributes=partitions.attributes,
        known_until=partitions.known_until,
        notes=partitions.notes,
        excluded_event_types=partitions.excluded_event_types,
    )


def pick(part: int, *, partitions: Partitions, folder: Path) -> None:
    """Write the chosen leads of a part, what they did, and what sales decided on them."""
    tables = partitions.read(part)
    leads = tables.leads.join(pl.read_parquet(folder / PLACES), on=PLACE, how="semi", maintain_order="left")
    write_whole(leads, part_file(folder, LEADS, part))
    for kind, table in ((EVENTS, tables.events), (OUTCOMES, tables.outcomes)):
        if table is not None:
            of_leads = table.join(leads, on="lead_id", how="semi", maintain_order="left")
            write_whole(of_leads, part_file(folder, kind, part))
