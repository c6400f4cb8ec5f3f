"""The overview tells of this week, of the newest matured weeks, and of what needs a person."""

import random
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from features.agreement import Agreement
from features.config import Sla
from features.store import Store
from features.store.fact_rules import FactRules
from serving.reports.agreement.breaches import BreachState, breaches
from serving.reports.counted import Counted
from serving.reports.lead_filter import LeadFilter
from serving.reports.overview.attention import Matter, Notice
from serving.reports.overview.report import Overview, overview
from tests.serving.reports.fact_rows import (
    DAY,
    HORIZON,
    MADRID,
    NOW,
    RULES,
    Fact,
    context_of,
    fill,
    is_known,
    make_fact,
    make_facts,
)

FACTS = make_facts(1_500, seed=6)
MONDAY, LAST_MONDAY = date(2026, 4, 20), date(2026, 4, 13)
RNG = random.Random(1)


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    """Give a store with all facts."""
    fill(shared_store, FACTS)
    return shared_store


def made(store: Store, rules: FactRules = RULES) -> Overview:
    with store.reading() as connection:
        return overview(context_of(connection, rules))


def notices(report: Overview, matter: Matter) -> list[Notice]:
    return [notice for notice in report.attention if notice.matter is matter]


def of_week(week: date) -> list[Fact]:
    return [fact for fact in FACTS if fact["week"] == week]


@pytest.mark.parametrize(("name", "week"), [("this", MONDAY), ("last", LAST_MONDAY)])
def test_a_delivery_is_as_a_recount_says(filled: Store, name: str, week: date) -> None:
    delivery = getattr(made(filled), name)
    facts = of_week(week)
    due = [fact for fact in facts if fact["due_at"] <= NOW]
    assert delivery.leads == len(facts) > 0
    assert delivery.scored == sum(fact["probability"] is not None for fact in facts)
    assert delivery.golden == sum(fact["segment"] == "golden" for fact in facts)
    assert delivery.good_fit == sum(fact["fit_grade"] in {"A", "B"} for fact in facts)
    assert delivery.worked == sum(fact["worked_at"] is not None for fact in facts)
    assert delivery.due == len(due)
    assert delivery.in_time == sum(
        fact["worked_at"] is not None and fact["worked_at"] <= fact["due_at"] for fact in due
    )


def test_leads_handed_over_since_the_delivery_are_for_the_next(filled: Store) -> None:
    assert made(filled).next_leads == len(of_week(date(2026, 4, 27))) > 0


def test_the_cohorts_are_the_newest_weeks_of_which_every_lead_has_matured(filled: Store) -> None:
    report = made(filled)
    weeks = [cohort.week for cohort in report.cohorts]
    youngest = {fact["week"] for fact in FACTS if fact["handed_over_at"] > NOW - HORIZON}
    assert not youngest & set(weeks)
    assert weeks[-1] + timedelta(weeks=1) == date(
        2026, 1, 26
    )  # of its delivery, the leads from January 22 on are young
    assert len(weeks) == 12
    for cohort in report.cohorts:
        known = [fact for fact in of_week(cohort.week) if is_known(fact)]
        assert (cohort.counted.judged, cohort.counted.sqls) == (len(known), sum(fact["is_sql"] for fact in known))
        assert cohort.counted.pending == 0
    assert report.matured == sum((cohort.counted for cohort in report.cohorts[-4:]), Counted())
    assert report.matured_before == sum((cohort.counted for cohort in report.cohorts[-8:-4]), Counted())


def test_a_week_without_leads_is_none_of_the_four(store: Store) -> None:
    fill(store, [fact for fact in FACTS if fact["week"] != date(2026, 1, 12)])
    report = made(store)
    weeks = {date(2026, 1, 19), date(2026, 1, 5), date(2025, 12, 29)}
    assert report.matured.leads == sum(len(of_week(week)) for week in weeks)


def test_breaches_that_wait_are_those_that_the_agreement_lists(filled: Store) -> None:
    (notice,) = notices(made(filled), Matter.BREACHES)
    with filled.reading() as connection:
        listed = breaches(context_of(connection), LeadFilter(), BreachState.WAITING, 1, 1_000)
    assert notice.leads == listed.total > 0
    assert notice.since == min(each.due_at for each in listed.listed)


def test_golden_leads_wait_until_sales_looks_or_their_time_is_over(store: Store) -> None:
    golden: dict[str, Any] = {"segment": "golden", "worked_at": None}
    fill(
        store,
        [
            make_fact("waits", RNG, **golden, handed_over_at=NOW - 3 * DAY),
            make_fact("waits longer", RNG, **golden, handed_over_at=NOW - 89 * DAY),
            make_fact("too old", RNG, **golden, handed_over_at=NOW - 91 * DAY),
            make_fact("looked at", RNG, **golden | {"worked_at": NOW}, handed_over_at=NOW - 3 * DAY),
            make_fact("parked", RNG, segment="park", worked_at=None, handed_over_at=NOW - 3 * DAY),
        ],
    )
    assert notices(made(store), Matter.GOLDEN_WAITING) == [
        Notice(Matter.GOLDEN_WAITING, 2, since=NOW - 89 * DAY),
    ]


def test_a_whole_delivery_with_fewer_leads_than_promised_is_told(store: Store) -> None:
    fill(store, [make_fact(f"lead-{place}", RNG, handed_over_at=NOW - 5 * DAY) for place in range(39)])
    assert notices(made(store), Matter.FEW_DELIVERED) == [Notice(Matter.FEW_DELIVERED, 39, promised=40)]
    fill(store, [make_fact("one more", RNG, handed_over_at=NOW - 5 * DAY)])
    assert notices(made(store), Matter.FEW_DELIVERED) == []


def test_before_this_weeks_delivery_is_whole_the_last_one_is_told(store: Store) -> None:
    rules = replace(
        RULES, agreement=Agreement(Sla.model_validate({"weekly_leads": 1, "deliver_by": "Fri 09:00"}), MADRID)
    )
    report = made(store, rules)
    assert not report.is_delivered
    assert notices(report, Matter.FEW_DELIVERED) == [Notice(Matter.FEW_DELIVERED, 0, promised=1)]


def test_a_cell_that_is_not_what_its_scores_said_is_told(store: Store) -> None:
    judged: dict[str, Any] = {"is_judged": True, "handed_over_at": NOW - 100 * DAY, "segment": "park"}
    facts = [
        make_fact(
            f"lead-{place}", RNG, **judged, fit_grade="D", engagement_grade="4", probability=0.1, is_sql=place < 30
        )
        for place in range(100)
    ]
    facts += [
        make_fact(
            f"as said-{place}", RNG, **judged, fit_grade="C", engagement_grade="4", probability=0.3, is_sql=place < 30
        )
        for place in range(100)
    ]
    fill(store, facts)
    (notice,) = notices(made(store), Matter.SURPRISE)
    assert notice.cell is not None
    assert (notice.cell.name, notice.leads) == ("D4", 100)


def test_an_empty_store_has_nothing_to_tell_but_the_missing_delivery(store: Store) -> None:
    report = made(store)
    assert not report.has_leads
    assert (report.this.leads, report.cohorts, report.matured.rate.share) == (0, (), None)
    assert [notice.matter for notice in report.attention] == [Matter.FEW_DELIVERED]
    nothing = FactRules(RULES.clock, Agreement(Sla(), MADRID), HORIZON, RULES.reports)
    assert made(store, nothing).attention == ()


def test_a_store_with_nothing_but_young_leads_is_not_empty(store: Store) -> None:
    fill(store, [make_fact("young", RNG, handed_over_at=NOW - 30 * DAY)])
    report = made(store)
    assert report.has_leads
    assert (report.this.leads, report.last.leads, report.cohorts) == (0, 0, ())


def test_what_is_agreed_is_told(store: Store) -> None:
    report = made(store)
    assert (report.promised, report.good_fit_promised, report.horizon_days) == (40, 0.5, 90)
    assert report.due_at == datetime(2026, 4, 22, 10, 0, tzinfo=UTC)
    written = report.to_json()
    assert (written["week"], written["delivered"], written["due_at"]) == ("2026-04-20", 0, "2026-04-22T10:00:00+00:00")
    assert ("promised", 40) in report.table().rows
