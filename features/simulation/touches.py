"""When sales first looked at each lead: mostly within the days agreed for the weekly delivery, now and then later."""

import numpy as np

from features.simulation.decisions import NEW, OUTCOMES, Course, Decisions
from features.simulation.levels import OWNERS
from features.simulation.rhythm import MONDAY_S, OFFICE, WEEK_S, Seconds
from features.simulation.traits import Period, Traits

DELIVERY_S = 9 * 3600  # after the week begins: Monday at nine
USUAL_WEEKS = 0.15  # of office time from delivery to first touch; Wednesday evening is 0.6
SPREAD, SPREAD_OF_WEEKS, SPREAD_OF_OWNERS = 0.7, 0.35, 0.3  # of the logarithm of that time
SHARE_UNRECORDED = 0.03  # of touches nobody wrote down
NEVER = -1


def draw_first_touches(
    rng: np.random.Generator, traits: Traits, course: Course, decisions: Decisions, period: Period
) -> Seconds:
    """Draw when each lead was first touched, on the office clock; `NEVER` where it was not, or nobody wrote it down."""
    week = -((MONDAY_S + DELIVERY_S - traits.local_s) // WEEK_S)  # of the delivery, counted from the first Monday
    slowness = SPREAD_OF_WEEKS * rng.standard_normal(int(week[-1] - week[0]) + 1)[week - week[0]]
    slowness += SPREAD_OF_OWNERS * rng.standard_normal(len(OWNERS))[traits.owner]
    weeks = USUAL_WEEKS * np.exp(slowness + SPREAD * rng.standard_normal(len(traits)))
    touched = OFFICE.moments(OFFICE.busy_weeks(week * WEEK_S + MONDAY_S + DELIVERY_S) + weeks)
    touched = np.minimum(touched, _first_decisions(decisions, len(traits)))
    unrecorded = rng.random(len(traits)) < SHARE_UNRECORDED
    return np.where(course.worked & ~unrecorded & (touched < period.end_local_s), touched, NEVER)


def _first_decisions(decisions: Decisions, leads: int) -> Seconds:
    """Give when each lead was first decided on; far in the future for one that was not."""
    first = np.full(leads, np.iinfo(np.int64).max)
    real = decisions.outcome != OUTCOMES.index(NEW)
    np.minimum.at(first, decisions.lead[real], decisions.at_s[real])
    return first
