"""Event types that the model has no features of, and that many of the newest leads have."""

from collections.abc import Iterator

import polars as pl

from features.event_types import MOST, enough_leads
from features.problems import shorten
from features.words import noun_of
from serving.model.scoring import ScoringModel
from training.drifting.shift import Share, Shift, grade
from training.drifting.stability import chance_of_rates

NEW_TYPE = (0.05, 0.2)  # share of leads; the model counts these events only among those of all types


def event_type_shifts(model: ScoringModel, leads: pl.DataFrame, events: pl.DataFrame, learned: int) -> Iterator[Shift]:
    """Compare each type unknown to the model with the most of the `learned` leads that it can have been on.

    Severity is by size alone: a warning from 5 % of the newest leads on, an error from 20 %. Nothing is compared
    where the model was trained without events, or on as many types as it can have features of.
    """
    known = model.catalog.event_types
    if not known or len(known) >= MOST:
        return
    most = min(learned, enough_leads(learned))
    for event_type, count in _leads_by_type(leads, events, known):
        share, before = count / leads.height, most / max(1, learned)
        name = noun_of(shorten(event_type)).many
        yield Shift(
            kind="event_type",
            feature=event_type,
            title=name,
            measure=share,
            learned=before,
            newest=share,
            p_value=chance_of_rates((most, learned), (count, leads.height)) if share > before else 1.0,
            severity=grade(share, *NEW_TYPE),
            detail=f"{name}: {share:.1%} of the newest leads have events of type {shorten(event_type)!r}; at most "
            f"{before:.1%} of those learned from had",
            shares=(Share(name, before, share),),
        )


def _leads_by_type(leads: pl.DataFrame, events: pl.DataFrame, known: tuple[str, ...]) -> list[tuple[str, int]]:
    """Give the leads with an event of each unknown type up to `as of`, most first."""
    counted = (
        events.lazy()
        .filter(~pl.col("type").is_in(list(known)))
        .join(leads.lazy().select("lead_id", "as_of"), on="lead_id")
        .filter(pl.col("occurred_at") <= pl.col("as_of"))
        .group_by("type")
        .agg(leads=pl.col("lead_id").n_unique())
        .sort(["leads", "type"], descending=[True, False])
        .head(MOST)
        .collect(engine="in-memory")
    )
    return list(counted.iter_rows())
