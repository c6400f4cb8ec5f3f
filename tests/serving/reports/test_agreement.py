"""The report of the agreement counts what a plain recount of the leads gives."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from functools import partial
from math import ceil, sqrt
from typing import Any

import pytest

from features.config import Sla
from features.store import Store
from serving.reports.agreement.clocks import Clock
from serving.reports.agreement.delivered import Delivered
from serving.reports.agreement.misses import Miss
from serving.reports.agreement.report import AgreementReport, agreement_report
from serving.reports.lead_filter import LeadFilter
from tests.serving.reports.delivered_leads import AGREED, NOW, RULES, Lead, fill, make_leads, on, rules_of

WEEK = timedelta(days=7)
THIS_WEEK = date(2026, 4, 27)  # what is handed over now is delivered next Monday


@pytest.fixture(scope="module")
def sample() -> list[Lead]:
    return make_leads(350, seed=3)


@pytest.fixture(scope="module")
def filled(shared_store: Store, sample: list[Lead]) -> Store:
    fill(shared_store, sample)
    return shared_store


def report_of(store: Store, **asked: Any) -> AgreementReport:
    made: AgreementReport = on(store, partial(agreement_report, asked=LeadFilter(**asked)))
    return made


def assert_is(delivered: Delivered, some: Sequence[Lead]) -> None:
    """Compare with counting one lead after the other."""
    counts, handling = delivered.counted, delivered.handling
    judged = [each for each in some if each.is_judged]
    scored = [each for each in judged if each.probability is not None]
    chances = [each.probability or 0.0 for each in scored]
    assert counts.leads == len(some)
    assert counts.pending == sum(not each.is_matured for each in some)
    assert counts.unworked == sum(each.is_matured and not each.decided for each in some)
    assert (counts.judged, counts.sqls) == (len(judged), sum(each.is_sql for each in judged))
    assert (counts.scored, counts.scored_sqls) == (len(scored), sum(each.is_sql for each in scored))
    assert counts.expected == pytest.approx(sum(chances))
    assert delivered.spread == pytest.approx(sqrt(sum(p * (1 - p) for p in chances)))
    assert handling.graded == sum(each.fit_grade is not None for each in some)
    assert handling.good_fit == sum(each.fit_grade in {"A", "B"} for each in some)
    assert handling.due == sum(each.due_at <= NOW for each in some)
    assert delivered.breaches == sum(each.is_breach for each in some)
    assert handling.waiting == sum(each.is_breach and each.worked_at is None for each in some)
    assert handling.in_time == handling.due - delivered.breaches
    assert delivered.wait == clock([(each.handed_over_at, each.worked_at) for each in some])
    assert delivered.speed == clock([(each.engaged_at, each.worked_at) for each in some])


def clock(spans: Sequence[tuple[datetime | None, datetime | None]]) -> Clock:
    seconds = sorted(
        int(RULES.clock.elapsed(start, end).total_seconds())
        for start, end in spans
        if start is not None and end is not None
    )
    if not seconds:
        return Clock(0, None, None)
    median, slow = (seconds[ceil(share * len(seconds)) - 1] for share in (0.5, 0.9))
    return Clock(len(seconds), median, slow)


def test_each_week_is_what_counting_its_leads_gives(filled: Store, sample: list[Lead]) -> None:
    report = report_of(filled)
    assert [each.week for each in report.weeks] == [THIS_WEEK - number * WEEK for number in range(26)]
    for each in report.weeks:
        assert_is(each.delivered, [lead for lead in sample if lead.week == each.week])
    shown = [lead for lead in sample if lead.week >= report.weeks[-1].week]
    assert_is(report.total, shown)


def test_each_owner_is_what_counting_theirs_gives(filled: Store, sample: list[Lead]) -> None:
    report = report_of(filled)
    assert {each.owner for each in report.owners} == {"Ada", "Bo", "Cy", None}
    breaches = [each.delivered.breaches for each in report.owners]
    assert breaches == sorted(breaches, reverse=True)
    for each in report.owners:
        theirs = [lead for lead in sample if lead.owner == each.owner and lead.week >= report.weeks[-1].week]
        assert_is(each.delivered, theirs)


@pytest.mark.parametrize(
    "asked",
    [{"owner": "Ada"}, {"source": "ads", "since": date(2026, 1, 10), "until": date(2026, 3, 20)}, {"owner": "nobody"}],
)
def test_a_filter_leaves_its_leads_in_whole_deliveries_and_no_promised_number(
    filled: Store, sample: list[Lead], asked: dict[str, Any]
) -> None:
    report = report_of(filled, **asked)
    weeks = {each.week for each in report.weeks}
    left = [
        each
        for each in sample
        if each.week in weeks
        and asked.get("owner") in {None, each.owner}
        and asked.get("source") in {None, each.source}
    ]
    assert_is(report.total, left)
    assert report.is_part
    assert {each.promise.leads for each in report.weeks} == {None}
    assert not {Miss.VOLUME, Miss.CAPACITY} & {miss for each in report.weeks for miss in each.misses}


def test_the_days_asked_for_are_of_hand_overs_and_their_deliveries_are_shown_whole(filled: Store) -> None:
    report = report_of(filled, since=date(2026, 3, 2), until=date(2026, 3, 8))  # Monday to Sunday
    assert [each.week for each in report.weeks] == [date(2026, 3, 9), date(2026, 3, 2)]  # until nine, it is the 2nd's
    assert not report.is_part
    assert report_of(filled, since=date(2026, 3, 3), until=date(2026, 3, 3)).weeks[0].week == date(2026, 3, 9)
    assert report_of(filled, until=date(2026, 3, 9)).weeks[0].week == date(2026, 3, 16)  # from nine on, it is the next


@pytest.mark.parametrize(
    "asked",
    [
        {"since": date(2999, 12, 31)},
        {"until": date(1900, 1, 1)},
        {"since": date(2026, 3, 9), "until": date(2026, 3, 1)},
        {"until": date(2025, 1, 1)},
    ],
)
def test_days_without_a_delivery_give_an_empty_report(filled: Store, asked: dict[str, Any]) -> None:
    report = report_of(filled, **asked)
    assert (report.weeks, report.pools, report.owners, report.total.leads) == ((), (), (), 0)


def test_all_that_there_is_begins_with_the_first_delivery(filled: Store, sample: list[Lead]) -> None:
    report = report_of(filled, since=date(1900, 1, 1), until=date(2999, 12, 31))
    assert report.weeks[-1].week == min(each.week for each in sample)
    assert report.weeks[0].week == THIS_WEEK
    assert_is(report.total, sample)


def test_weeks_are_pooled_from_the_newest_on(filled: Store, sample: list[Lead]) -> None:
    report = report_of(filled)
    complete = [each.week for each in report.weeks if each.closes_at <= NOW]
    known = [each.week for each in report.weeks if each.delivered.counted.judged]
    assert complete[0] == THIS_WEEK - WEEK
    assert [(each.weeks, each.cohort_weeks) for each in report.pools] == [
        (4, 4), (12, 12), (len(complete), len(known)),
    ]  # fmt: skip
    for pool in report.pools:
        assert pool.promised == 22 * pool.weeks
        assert_is(pool.delivered, [lead for lead in sample if lead.week in complete[: pool.weeks]])
        assert_is(pool.cohort, [lead for lead in sample if lead.week in known[: pool.cohort_weeks]])


def test_a_week_in_which_nothing_came_is_there_and_missed_its_volume(store: Store, sample: list[Lead]) -> None:
    gap = date(2026, 2, 2)
    fill(store, [each for each in sample if each.week != gap])
    week = next(each for each in report_of(store).weeks if each.week == gap)
    assert (week.delivered.leads, week.misses) == (0, (Miss.VOLUME,))


def test_a_delivery_that_is_still_gathered_is_not_judged_by_its_number(filled: Store) -> None:
    newest = report_of(filled).weeks[0]
    assert newest.closes_at == datetime(2026, 4, 27, 7, 0, tzinfo=UTC)
    assert not newest.promise.is_complete
    assert newest.misses == ()


def test_without_an_agreement_nothing_is_missed(store: Store, sample: list[Lead]) -> None:
    rules = rules_of(Sla())
    fill(store, sample, rules)
    report: AgreementReport = on(store, partial(agreement_report, asked=LeadFilter()), rules)
    assert (report.total.handling.due, report.total.breaches) == (0, 0)
    assert set(report.missed.values()) <= {0, report.missed[Miss.QUALITY]}
    assert report.weeks[0].week == date(2026, 4, 20)


def test_an_empty_store_gives_an_empty_report(store: Store) -> None:
    report = report_of(store)
    assert (report.weeks, report.total.leads) == ((), 0)
    assert report.to_json()["agreed"] == {
        "weekly_leads": AGREED.weekly_leads,
        "good_fit_share": 0.5,
        "deliver_by": "Mon 09:00",
        "qualify_by": "Wed 18:00",
    }


def test_the_table_has_a_row_a_week_and_a_row_an_owner(filled: Store) -> None:
    report = report_of(filled)
    table = report.table()
    assert [row[0] for row in table.rows] == ["week"] * 26 + ["owner"] * 4
    newest = dict(zip(table.columns, table.rows[1], strict=True))
    assert newest["name"] == "2026-04-20"
    assert newest["delivered"] == report.weeks[1].delivered.leads
    assert newest["missed"] == " ".join(report.weeks[1].misses)
