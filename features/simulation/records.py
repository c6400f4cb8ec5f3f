"""How a CRM and a web tracker record what is true: with gaps, misspellings, free text and repeats."""

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.simulation.accounts import account_names
from features.simulation.actions import Actions
from features.simulation.campaigns import record_campaigns
from features.simulation.decisions import OUTCOMES, REASONS, Decisions
from features.simulation.kinds import CONTENTS, KINDS
from features.simulation.levels import COUNTRIES, OWNERS, ROLES, SECTORS, SOURCES, Level, place
from features.simulation.touches import NEVER
from features.simulation.traits import Places, Traits
from features.simulation.words import words_at

SHARE_MISSPELT = 0.025  # of the filled cells of a trait with known misspellings
SHARE_REPEATED = 0.01  # of events are sent twice under the same id

OFFICE_TIME = pl.Datetime("us")
TRACKER_TIME = pl.Datetime("us", "UTC")


def lead_ids(leads: int) -> pl.Series:
    """Give the leads' ids, in the order of hand-over."""
    return ("L" + pl.Series(range(1, leads + 1), dtype=pl.Int64).cast(pl.String).str.zfill(7)).alias("lead_id")


def record_leads(
    rng: np.random.Generator, traits: Traits, first_touch_s: NDArray[np.int64], ids: pl.Series
) -> pl.DataFrame:
    """Give the leads as the CRM's export has them. Times are on the office clock, without a zone."""
    small = (traits.employees < 10).astype(float)
    syndicated = np.isin(traits.source, place(SOURCES, "Content syndication")).astype(float)
    return pl.DataFrame(
        {
            "lead_id": ids,
            "mql_at": _times(traits.local_s, OFFICE_TIME),
            "sector": _written(rng, SECTORS, traits.sector, missing=0.015 + 0.03 * small),
            "employees": _head_counts(rng, traits.employees, missing=0.02 + 0.08 * small),
            "country": _written(rng, COUNTRIES, traits.country, missing=0.005),
            "role": _written(rng, ROLES, traits.role, missing=0.01 + 0.06 * syndicated),
            "source": _written(rng, SOURCES, traits.source, missing=0.0),
            "campaign": record_campaigns(rng, traits),
            "account": account_names(traits.account),
            "owner": words_at(OWNERS, traits.owner),
            "first_touch_at": _touches(first_touch_s),
        }
    )


def record_events(rng: np.random.Generator, actions: Actions, ids: pl.Series) -> pl.DataFrame:
    """Give the events as the tracker sent them, oldest first, in UTC; repeats carry the id of the first sending."""
    order = np.argsort(actions.at_s, kind="stable")
    event_id = np.arange(1, len(order) + 1)
    repeats = np.flatnonzero(rng.random(len(order)) < SHARE_REPEATED)
    sent = np.sort(np.concatenate([np.arange(len(order)), repeats]))
    order, event_id = order[sent], event_id[sent]
    return pl.DataFrame(
        {
            "event_id": event_id,
            "lead_id": ids.gather(actions.lead[order]),
            "occurred_at": _times(actions.at_s[order], TRACKER_TIME),
            "type": words_at([kind.word for kind in KINDS], actions.kind[order]),
            "content_id": words_at(CONTENTS, actions.content[order]),
        }
    )


def record_outcomes(decisions: Decisions, ids: pl.Series) -> pl.DataFrame:
    """Give the decisions as the CRM's export has them. Times are on the office clock, without a zone."""
    return pl.DataFrame(
        {
            "lead_id": ids.gather(decisions.lead),
            "decided_at": _times(decisions.at_s, OFFICE_TIME),
            "outcome": words_at(OUTCOMES, decisions.outcome),
            "reason": words_at(REASONS, decisions.reason),
        }
    )


def _touches(seconds: NDArray[np.int64]) -> pl.Series:
    times = _times(seconds, OFFICE_TIME)
    return times.set(pl.Series(seconds == NEVER), None)


def _times(seconds: NDArray[np.int64], kind: pl.Datetime) -> pl.Series:
    return pl.Series(seconds * 1_000_000).cast(kind)


def _written(
    rng: np.random.Generator, levels: Sequence[Level], places: Places, missing: float | NDArray[np.float64]
) -> pl.Series:
    """Give a trait as people typed it: `missing` is the share of empty cells, one number or one per lead."""
    ways = [(level.word, *level.spellings) for level in levels]
    start = np.cumsum([0] + [len(way) for way in ways])[:-1]
    others = np.array([len(level.spellings) for level in levels])[places]
    misspelt = (rng.random(len(places)) < SHARE_MISSPELT) & (others > 0)
    which = np.where(misspelt, 1 + (others * rng.random(len(places))).astype(int), 0)
    typed = np.where(rng.random(len(places)) < missing, -1, start[places] + which)
    return words_at([spelling for way in ways for spelling in way], typed)


def _head_counts(rng: np.random.Generator, employees: NDArray[np.int64], missing: NDArray[np.float64]) -> pl.Series:
    """Give head counts as typed: some rounded to one digit, some left empty, the smallest most often."""
    digit = 10 ** np.floor(np.log10(employees)).astype(int)
    rounded = np.where(rng.random(len(employees)) < 0.15, np.rint(employees / digit).astype(int) * digit, employees)
    known = rng.random(len(employees)) >= missing
    return pl.Series(rounded).zip_with(pl.Series(known), pl.Series([None], dtype=pl.Int64))
