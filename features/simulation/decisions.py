"""What sales decided, when, and why not."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.simulation.chance import LogOdds
from features.simulation.levels import COUNTRIES, ROLES, SECTORS, place
from features.simulation.rhythm import OFFICE, Seconds
from features.simulation.traits import Period, Traits

QUALIFIED, DISQUALIFIED, NURTURE, NEW = OUTCOMES = ("Qualified", "Disqualified", "Nurture", "New")
REASONS = ("size", "role", "region", "existing customer", "competitor", "no contact", "bad timing", "no need")
NO_REASON = -1

DAY_S = 86_400
MEDIAN_DELAY_DAYS = 14
SLOWEST_DAYS = 82  # on the busy clock, so that every first decision falls within 90 days of hand-over
HORIZON_DAYS = 90
SHARE_UNWORKED = 0.08
SHARE_WITHOUT_TRACE = 0.5  # of the unworked leads have no row at all, the others one that says New
SHARE_RECYCLED = 0.25  # of the leads that do not become SQLs in time
SHARE_RECYCLED_SQLS = 0.06
SHARE_LOOKED_AT_AGAIN = 0.6  # of the recycled
SHARE_LATE_SQLS = 0.12  # of those looked at again more than the horizon after hand-over


@dataclass(frozen=True)
class Decisions:
    """Decisions, an array element each: of which lead, when (seconds on the office clock), which outcome and reason.

    `outcome` and `reason` are places in OUTCOMES and REASONS; -1 where there is no reason.
    """

    lead: NDArray[np.int64]
    at_s: Seconds
    outcome: NDArray[np.int64]
    reason: NDArray[np.int64]


@dataclass(frozen=True)
class Course:
    """What becomes of each lead in time, sales permitting: an array element per lead."""

    sql: NDArray[np.bool_]
    worked: NDArray[np.bool_]
    recycled: NDArray[np.bool_]
    reason: NDArray[np.int64]


def draw_course(rng: np.random.Generator, traits: Traits, odds: LogOdds, would_be_sql: NDArray[np.bool_]) -> Course:
    """Draw what would become of each lead.

    Which leads are never worked depends on how well they look on paper (fit), never on what they would have become.
    """
    return Course(
        sql=would_be_sql,
        worked=rng.random(len(traits)) >= _chance_unworked(odds),
        recycled=rng.random(len(traits)) < np.where(would_be_sql, SHARE_RECYCLED_SQLS, SHARE_RECYCLED),
        reason=_draw_reasons(rng, traits, odds),
    )


def draw_decisions(rng: np.random.Generator, traits: Traits, course: Course, period: Period) -> Decisions:
    """Draw what sales decided before the period's end, in the order of deciding."""
    draws = (_left_alone, _first_decisions, _sqls_after_all, _second_looks)
    return _in_order([draw(rng, traits, course) for draw in draws], period.end_local_s)


def _chance_unworked(odds: LogOdds) -> NDArray[np.float64]:
    raw = np.exp(-0.7 * (odds.fit - odds.fit.mean()))
    chance: NDArray[np.float64] = np.minimum(SHARE_UNWORKED * raw / raw.mean(), 0.6)
    return chance


def _left_alone(rng: np.random.Generator, traits: Traits, course: Course) -> Decisions:
    lead = np.flatnonzero(~course.worked & (rng.random(len(traits)) >= SHARE_WITHOUT_TRACE))
    return _decisions(lead, traits.local_s[lead] + 60, NEW)


def _first_decisions(rng: np.random.Generator, traits: Traits, course: Course) -> Decisions:
    lead = np.flatnonzero(course.worked)
    days = np.minimum(MEDIAN_DELAY_DAYS * np.exp(0.8 * rng.standard_normal(len(lead))), SLOWEST_DAYS)
    days[(course.recycled & course.sql)[lead]] /= 3  # leaves time to become an SQL after all
    at_once = course.sql & ~course.recycled
    outcome = np.where(course.recycled, OUTCOMES.index(NURTURE), OUTCOMES.index(DISQUALIFIED))
    outcome[at_once] = OUTCOMES.index(QUALIFIED)
    reason = np.where(course.recycled, _draw_soft_reasons(rng, len(traits)), course.reason)
    reason[at_once] = NO_REASON
    return Decisions(lead, _office_moments(traits.local_s[lead], days), outcome[lead], reason[lead])


def _sqls_after_all(rng: np.random.Generator, traits: Traits, course: Course) -> Decisions:
    lead = np.flatnonzero(course.worked & course.recycled & course.sql)
    days = rng.uniform(SLOWEST_DAYS / 3 + 7, SLOWEST_DAYS, len(lead))
    return _decisions(lead, _office_moments(traits.local_s[lead], days), QUALIFIED)


def _second_looks(rng: np.random.Generator, traits: Traits, course: Course) -> Decisions:
    looked_at = course.worked & course.recycled & ~course.sql & (rng.random(len(traits)) < SHARE_LOOKED_AT_AGAIN)
    lead = np.flatnonzero(looked_at)
    at_s = _office_moments(traits.local_s[lead], SLOWEST_DAYS + rng.exponential(60, len(lead)))
    too_late = at_s > traits.local_s[lead] + (HORIZON_DAYS + 1) * DAY_S
    late_sql = too_late & (rng.random(len(lead)) < SHARE_LATE_SQLS)
    outcome = np.where(late_sql, OUTCOMES.index(QUALIFIED), OUTCOMES.index(DISQUALIFIED))
    return Decisions(lead, at_s, outcome, np.where(late_sql, NO_REASON, course.reason[lead]))


def _draw_reasons(rng: np.random.Generator, traits: Traits, odds: LogOdds) -> NDArray[np.int64]:
    """Draw why a lead would be turned down, from what is true of it; the first reasons need cause, the last do not."""
    cool = odds.engagement < np.median(odds.engagement)
    abroad, junior = place(COUNTRIES, "MX", "AR"), place(ROLES, "Student", "Specialist", "Consultant")
    rivals = place(SECTORS, "Software")
    weights = {
        "size": 3.0 * (traits.employees < 15) + 1.5 * (traits.employees > 5_000),
        "role": 2.5 * np.isin(traits.role, junior),
        "region": 5.0 * np.isin(traits.country, abroad),
        "existing customer": np.full(len(traits), 0.3),
        "competitor": 0.5 * np.isin(traits.sector, rivals),
        "no contact": 0.6 + 0.8 * cool,
        "bad timing": np.full(len(traits), 0.7),
        "no need": 0.5 + 1.2 * cool,
    }
    done = np.cumsum(np.column_stack([weights[reason] for reason in REASONS]), axis=1)
    reason: NDArray[np.int64] = (rng.random(len(traits)) * done[:, -1] >= done.T).sum(axis=0)
    return reason


def _draw_soft_reasons(rng: np.random.Generator, count: int) -> NDArray[np.int64]:
    return rng.choice([REASONS.index("no contact"), REASONS.index("bad timing")], count, p=[0.35, 0.65])


def _office_moments(from_s: Seconds, days: NDArray[np.float64]) -> Seconds:
    return np.maximum(OFFICE.moments(OFFICE.busy_weeks(from_s) + days / 7), from_s + 60)


def _decisions(lead: NDArray[np.int64], at_s: Seconds, outcome: str) -> Decisions:
    return Decisions(lead, at_s, np.full(len(lead), OUTCOMES.index(outcome)), np.full(len(lead), NO_REASON))


def _in_order(parts: list[Decisions], end_s: int) -> Decisions:
    columns = zip(*((part.lead, part.at_s, part.outcome, part.reason) for part in parts), strict=True)
    lead, at_s, outcome, reason = (np.concatenate(column) for column in columns)
    order = np.argsort(at_s, kind="stable")
    kept = order[at_s[order] < end_s]
    return Decisions(lead[kept], at_s[kept], outcome[kept], reason[kept])
