"""The truth is what the docstring of Company says, and the decisions follow from it."""

import math
from datetime import datetime, timedelta

import numpy as np
import polars as pl
import pytest

from features.simulation import DEFAULT_END, Company
from features.simulation.actions import Actions, draw_actions_after, draw_actions_before, joined
from features.simulation.chance import true_log_odds
from features.simulation.kinds import KINDS
from features.simulation.records import lead_ids, record_events
from features.simulation.traits import Period, Traits, draw_traits, period_until

EVENTS_PER_LEAD = 20.0


@pytest.fixture(scope="module")
def period() -> Period:
    return period_until(DEFAULT_END)


@pytest.fixture(scope="module")
def traits(period: Period) -> Traits:
    return draw_traits(np.random.default_rng(3), 2_000, period)


@pytest.fixture(scope="module")
def actions(traits: Traits) -> Actions:
    return draw_actions_before(np.random.default_rng(4), traits, EVENTS_PER_LEAD)


@pytest.fixture(scope="module")
def later(traits: Traits, period: Period) -> Actions:
    became_sql = np.arange(len(traits)) % 4 == 0
    return draw_actions_after(np.random.default_rng(5), traits, EVENTS_PER_LEAD, became_sql, period.end_utc_s)


def test_events_after_hand_over_never_change_the_truth(traits: Traits, actions: Actions, later: Actions) -> None:
    assert len(later) > 3_000
    without = true_log_odds(traits, actions, EVENTS_PER_LEAD)
    with_later = true_log_odds(traits, joined([actions, later]), EVENTS_PER_LEAD)
    assert np.array_equal(without.total, with_later.total)
    earlier = Actions(later.lead, traits.utc_s[later.lead] - 60, later.kind, later.content)
    assert not np.array_equal(without.total, true_log_odds(traits, joined([actions, earlier]), EVENTS_PER_LEAD).total)


def test_the_events_as_written_give_the_engagement_that_the_truth_used(
    traits: Traits, actions: Actions, later: Actions
) -> None:
    ids = lead_ids(len(traits))
    written = record_events(np.random.default_rng(6), joined([actions, later]), ids)
    engagement = true_log_odds(traits, actions, EVENTS_PER_LEAD).engagement
    for lead in range(0, 2_000, 40):
        own = written.filter(pl.col("lead_id") == ids[lead]).unique("event_id")
        assert engagement[lead] == pytest.approx(slow_engagement(own, int(traits.utc_s[lead])), abs=1e-9)


def slow_engagement(events: pl.DataFrame, hand_over_s: int) -> float:
    """Give the engagement's log-odds, an event at a time."""
    rows = [
        ((hand_over_s - row["occurred_at"].timestamp()) / 86_400, row["type"], row["content_id"])
        for row in events.iter_rows(named=True)
        if row["occurred_at"].timestamp() <= hand_over_s
    ]
    odds = 0.0
    for kind in KINDS:
        count = sum(0.5 ** (age / kind.half_life_days) for age, word, _ in rows if word == kind.word)
        odds += kind.effect * math.log1p(count)
    last = min((age for age, _, _ in rows), default=400.0)
    trend = sum(age < 14 for age, _, _ in rows) - sum(14 <= age < 28 for age, _, _ in rows)
    contents = {content for age, _, content in rows if age < 90 and content is not None}
    return odds - 0.2 * math.log1p(last / 3) + 0.2 * math.tanh(trend / 6) + 0.15 * math.log1p(len(contents))


def test_the_truth_is_a_probability_of_the_size_and_spread_that_were_meant(company: Company) -> None:
    probability = company.truth["probability"].to_numpy()
    assert ((probability > 0) & (probability < 1)).all()
    assert probability.mean() == pytest.approx(0.21, abs=0.02)
    assert 0.78 < expected_auc(probability) < 0.84


def expected_auc(probability: np.ndarray[tuple[int], np.dtype[np.float64]]) -> float:
    """Give the AUC that the truth reaches on average over draws of the outcome."""
    ordered = np.sort(probability)
    negatives_below = np.cumsum(1 - ordered) - (1 - ordered)
    return float((ordered * negatives_below).sum() / (ordered.sum() * (1 - ordered).sum()))


def test_the_base_rate_drifts_upwards(company: Company) -> None:
    quarter = company.truth.height // 4
    first, last = (company.truth["probability"].slice(start, quarter).mean() for start in (0, 3 * quarter))
    assert 0.03 < last - first < 0.10  # type: ignore[operator]


def test_as_many_leads_became_sqls_as_the_truth_says_in_every_fifth_of_it(company: Company) -> None:
    # Whether sales works a lead does not depend on what it would become, so the worked ones stand for all.
    end = datetime(DEFAULT_END.year, DEFAULT_END.month, DEFAULT_END.day)  # noqa: DTZ001 -- the office clock has no zone
    horizon = timedelta(days=90)
    decided = company.outcomes.join(company.leads.select("lead_id", "mql_at"), on="lead_id").filter(
        pl.col("outcome").cast(pl.String) != "New", pl.col("mql_at") + horizon < end
    )
    in_time = (pl.col("outcome").cast(pl.String) == "Qualified") & (pl.col("decided_at") <= pl.col("mql_at") + horizon)
    sql = decided.group_by("lead_id").agg(in_time.any().alias("sql"))
    looked = company.truth.join(sql, on="lead_id").sort("probability")
    assert looked.height > 8_000
    for fifth in np.array_split(np.arange(looked.height), 5):
        probability, became = looked["probability"].to_numpy()[fifth], looked["sql"].to_numpy()[fifth]
        deviation = (became - probability).sum() / np.sqrt((probability * (1 - probability)).sum())
        assert abs(deviation) < 3.5
