"""The sample company: leads, events and decisions of sales, with the truth beside them."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from features.errors import DataError
from features.problems import Problem
from features.simulation.actions import draw_actions_after, draw_actions_before, joined
from features.simulation.chance import true_log_odds
from features.simulation.decisions import draw_course, draw_decisions
from features.simulation.records import lead_ids, record_events, record_leads, record_outcomes
from features.simulation.touches import draw_first_touches
from features.simulation.traits import draw_traits, period_until

DEFAULT_END = date(2026, 7, 1)  # fixed, so that the same seed gives the same files on any day


@dataclass(frozen=True)
class Company:
    """What a company's CRM and tracker export, and what no real company knows.

    leads: `lead_id`, `mql_at` (hand-over, on the office clock in Europe/Madrid without a zone, as CRMs export it),
        `sector`, `employees`, `country`, `role`, `source`, `campaign`, `account`, `owner`, `first_touch_at` (when
        sales first looked, on the office clock); oldest hand-over first. Some cells are empty (small companies most) or
        misspelt. `owner` and `account` say nothing about the outcome.
    events: `event_id`, `lead_id`, `occurred_at` (UTC), `type`, `content_id`; before and after hand-over, oldest first;
        some are sent twice under one `event_id`, some are a mail scanner's burst of opens.
    outcomes: `lead_id`, `decided_at` (office clock), `outcome`, `reason`; a row per decision made before the end. About
        8 % of the leads are never worked, those that look poor on paper more often, and the newest are undecided.
    truth: `lead_id`, `probability`: the chance that the lead becomes an SQL within 90 days if sales works it.

    How the truth is made: the true log-odds are a sum of effects of the true traits (sector, role, country, source, and
    size with a sweet spot at 200 employees), of the events up to hand-over (counts by kind, halving with age; days
    since the last; trend of the last four weeks; distinct contents), of two interactions (decision makers who look at
    prices; small companies that ask for a demo), and of a base that drifts upwards from the first day to the last.
    Whether a lead becomes an SQL is one draw with that probability; noise enters nowhere else. What happens after
    hand-over follows from the draw and never enters the truth.
    """

    leads: pl.DataFrame
    events: pl.DataFrame
    outcomes: pl.DataFrame
    truth: pl.DataFrame


def simulate(leads: int, events_per_lead: float, seed: int, end: date = DEFAULT_END) -> Company:
    """Simulate a company's last 18 months up to the day `end`; the same arguments give the same company.

    `events_per_lead` is the mean number of events, before and after hand-over. Raises DataError where an argument
    makes no company.

    >>> company = simulate(leads=50, events_per_lead=4, seed=1)
    >>> company.leads.height, company.truth.columns
    (50, ['lead_id', 'probability'])
    """
    _require(leads, events_per_lead, seed)
    who, before, after, luck, sales, dirt, touch = np.random.default_rng(seed).spawn(7)
    period = period_until(end)
    traits = draw_traits(who, leads, period)
    actions = draw_actions_before(before, traits, events_per_lead)
    odds = true_log_odds(traits, actions, events_per_lead)
    would_be_sql = luck.random(leads) < odds.probability()
    course = draw_course(sales, traits, odds, would_be_sql)
    decisions = draw_decisions(sales, traits, course, period)
    later = draw_actions_after(after, traits, events_per_lead, would_be_sql, period.end_utc_s)
    ids = lead_ids(leads)
    return Company(
        leads=record_leads(dirt, traits, draw_first_touches(touch, traits, course, decisions, period), ids),
        events=record_events(dirt, joined([actions, later]), ids),
        outcomes=record_outcomes(decisions, ids),
        truth=pl.DataFrame({"lead_id": ids, "probability": odds.probability()}),
    )


def _require(leads: int, events_per_lead: float, seed: int) -> None:
    checks = [
        (leads, 1 <= leads < 10**7, "number of leads", "give 1 to 9,999,999"),
        (events_per_lead, 0 <= events_per_lead <= 1000, "number of events per lead", "give 0 to 1,000"),
        (seed, seed >= 0, "seed", "give 0 or more"),
    ]
    problems = [
        Problem(f"is not a possible {name}", remedy, value=str(value))
        for value, good, name, remedy in checks
        if not good
    ]
    if problems:
        raise DataError(problems)
