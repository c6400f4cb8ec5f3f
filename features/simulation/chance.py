"""The truth: each lead's log-odds of becoming an SQL, from who it truly is and what it did up to hand-over."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.simulation.actions import Actions
from features.simulation.kinds import CONTENTS, KINDS, kind_place
from features.simulation.levels import COUNTRIES, ROLES, SECTORS, SOURCES, effects, place
from features.simulation.traits import Traits

Floats = NDArray[np.float64]

DAY_S = 86_400
USUAL_EVENTS_PER_LEAD = 20  # at which the effects of events are stated
SWEET_SPOT_EMPLOYEES = 200
DRIFT = 0.5  # log-odds that the base moves up from the first to the last day of the period
BASE = -3.15  # log-odds before fit and engagement, in the middle of the period
NEVER_DAYS = 400.0  # days since the last event, for a lead without any


@dataclass(frozen=True)
class LogOdds:
    """A lead's true log-odds, an array element per lead; `total` is `fit` + `engagement` + interactions + base."""

    fit: Floats
    engagement: Floats
    total: Floats

    def probability(self) -> Floats:
        """Give the true probability of becoming an SQL."""
        return 1 / (1 + np.exp(-self.total))


def true_log_odds(traits: Traits, actions: Actions, events_per_lead: float) -> LogOdds:
    """Give the true log-odds. Events after hand-over are not looked at.

    Counts weigh against `events_per_lead`, so that a company that tracks more does not by that have better leads.
    """
    before = actions.where(actions.at_s <= traits.utc_s[actions.lead])
    age_days = (traits.utc_s[before.lead] - before.at_s) / DAY_S
    usual = max(events_per_lead, 1.0) / USUAL_EVENTS_PER_LEAD
    decayed = _decayed_counts(before, age_days, len(traits)) / usual
    fit = _fit(traits)
    engagement = _engagement(before, age_days, decayed, usual)
    base = BASE + DRIFT * (traits.elapsed - 0.5)
    return LogOdds(fit, engagement, base + fit + engagement + _together(traits, decayed))


def _fit(traits: Traits) -> Floats:
    octaves = np.log2(traits.employees / SWEET_SPOT_EMPLOYEES)
    size = 1.3 * np.exp(-((octaves / 4.5) ** 2)) - 0.9
    levels = (SECTORS, traits.sector), (ROLES, traits.role), (COUNTRIES, traits.country), (SOURCES, traits.source)
    return size + sum(effects(level)[places] for level, places in levels)


def _engagement(before: Actions, age_days: Floats, decayed: Floats, usual: float) -> Floats:
    by_kind = np.array([kind.effect for kind in KINDS]) @ np.log1p(decayed)
    leads = decayed.shape[1]
    last_days = np.full(leads, NEVER_DAYS)
    np.minimum.at(last_days, before.lead, age_days)
    newest, older = age_days < 14, (age_days >= 14) & (age_days < 28)
    trend = np.bincount(before.lead, weights=newest.astype(float) - older, minlength=leads) / usual
    contents = _distinct_contents(before, age_days, leads)
    return by_kind - 0.2 * np.log1p(last_days / 3) + 0.2 * np.tanh(trend / 6) + 0.15 * np.log1p(contents / usual)


def _together(traits: Traits, decayed: Floats) -> Floats:
    """Give what counts only together: decision makers who look at prices, small companies that just want a demo."""
    decides = np.isin(traits.role, place(ROLES, "Managing director", "Head of department"))
    priced, demo = (np.minimum(decayed[kind_place(word)], 2) for word in ("pricing_view", "demo_request"))
    small = traits.employees < 20
    together: Floats = 0.25 * decides * priced - 0.5 * small * demo
    return together


def _decayed_counts(before: Actions, age_days: Floats, leads: int) -> Floats:
    rows = []
    for number, kind in enumerate(KINDS):
        mine = before.kind == number
        weights = 0.5 ** (age_days[mine] / kind.half_life_days)
        rows.append(np.bincount(before.lead[mine], weights=weights, minlength=leads))
    return np.array(rows)


def _distinct_contents(before: Actions, age_days: Floats, leads: int) -> Floats:
    seen = (age_days < 90) & (before.content >= 0)
    pairs = np.unique(before.lead[seen] * np.int64(len(CONTENTS)) + before.content[seen])
    return np.bincount(pairs // len(CONTENTS), minlength=leads).astype(float)
