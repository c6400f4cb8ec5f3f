"""The grid says what a plain recount of the same leads says."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from features.store import Store
from serving.model.grades import SEGMENTS
from serving.reports.cells import CELLS
from serving.reports.chance import Verdict, verdict
from serving.reports.counted import Counted
from serving.reports.grid.report import Grid, grid
from serving.reports.lead_filter import LeadFilter, day_start
from tests.serving.reports.fact_rows import (
    DAY,
    EXPLORATION,
    HORIZON,
    MADRID,
    NOW,
    Fact,
    context_of,
    fill,
    grade_of,
    is_known,
    is_matured,
    make_facts,
)

FACTS = make_facts(1_200, seed=4)
WIDE = LeadFilter(since=date(2025, 6, 1))


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    """Give a store with all facts."""
    fill(shared_store, FACTS)
    return shared_store


def grid_of(store: Store, asked: LeadFilter = WIDE, exploration: float = EXPLORATION) -> Grid:
    with store.reading() as connection:
        return grid(context_of(connection, exploration=exploration), asked)


def recount(facts: Sequence[Fact]) -> Counted:
    """Count leads one by one."""
    known = [fact for fact in facts if is_known(fact)]
    scored = [fact for fact in known if fact["probability"] is not None]
    return Counted(
        leads=len(facts),
        pending=sum(not is_matured(fact) for fact in facts),
        unworked=sum(is_matured(fact) and not fact["is_judged"] for fact in facts),
        judged=len(known),
        sqls=sum(fact["is_sql"] for fact in known),
        scored=len(scored),
        scored_sqls=sum(fact["is_sql"] for fact in scored),
        expected=sum(fact["probability"] for fact in scored),
        variance=sum(fact["probability"] * (1 - fact["probability"]) for fact in scored),
        decided=sum(fact["is_judged"] for fact in facts),
        rejected=sum(fact["outcome"] == "rejected" for fact in facts),
    )


def same(counted: Counted, expected: Counted) -> bool:
    """Say whether counts are the same; sums of fractions hang on their order in the last digit."""
    close = replace(counted, expected=expected.expected, variance=expected.variance) == expected
    sums = (counted.expected, counted.variance) == pytest.approx((expected.expected, expected.variance))
    return close and sums


def test_every_cell_is_as_a_recount_says(filled: Store) -> None:
    made = grid_of(filled)
    assert [cell.name for cell in made.cells] == [fit + engagement for fit, engagement in CELLS]
    for cell in made.cells:
        of_cell = [fact for fact in FACTS if grade_of(fact) == cell.name]
        expected = recount(of_cell)
        assert same(cell.counted, expected), cell.name
        assert cell.verdict == verdict(expected.scored_sqls, expected.expected, expected.variance, len(CELLS))
        assert cell.segment.value == of_cell[0]["segment"]
    assert same(made.unscored, recount([fact for fact in FACTS if grade_of(fact) is None]))
    assert same(made.whole, recount([fact for fact in FACTS if grade_of(fact) is not None]))


def test_why_a_cell_is_rejected_is_told_the_most_common_reason_first(filled: Store) -> None:
    cell = grid_of(filled).cells[5]
    reasons = [fact["reason"] for fact in FACTS if grade_of(fact) == cell.name and fact["outcome"] == "rejected"]
    assert {each.reason: each.leads for each in cell.reasons} == {each: reasons.count(each) for each in set(reasons)}
    assert [each.leads for each in cell.reasons] == sorted((each.leads for each in cell.reasons), reverse=True)
    assert sum(each.leads for each in cell.reasons) == cell.counted.rejected


def test_leads_drawn_by_lot_are_told_apart(filled: Store) -> None:
    made = grid_of(filled)
    assert [each.segment for each in made.by_lot] == list(SEGMENTS)
    for each in made.by_lot:
        of_segment = [fact for fact in FACTS if fact["segment"] == each.segment.value]
        assert same(each.drawn, recount([fact for fact in of_segment if fact["draw"] < EXPLORATION]))
        assert same(each.others, recount([fact for fact in of_segment if fact["draw"] >= EXPLORATION]))
    assert made.drawn.leads + made.others.leads == made.whole.leads


def test_without_exploration_no_lead_is_by_lot(filled: Store) -> None:
    made = grid_of(filled, exploration=0.0)
    assert made.by_lot == ()
    assert made.whole.leads == sum(fact["probability"] is not None for fact in FACTS)


def test_filters_part_the_leads_and_the_last_six_months_are_shown_where_no_day_is_asked(filled: Store) -> None:
    asked = LeadFilter(sector="software", size="10-49", source="ads", campaign="spring", owner="Ada")
    since = day_start(date(2025, 10, 22), MADRID)
    wanted = [
        fact
        for fact in FACTS
        if all(fact[name] == value for name, value in asked.parts.items()) and fact["handed_over_at"] >= since
    ]
    made = grid_of(filled, asked)
    assert 0 < len(wanted) < len(FACTS)
    assert made.whole.leads + made.unscored.leads == len(wanted)
    assert made.asked.since == date(2025, 10, 22)


def test_a_last_day_is_whole_on_the_companys_clock(filled: Store) -> None:
    until = date(2026, 3, 1)
    made = grid_of(filled, LeadFilter(until=until))
    wanted = [fact for fact in FACTS if fact["handed_over_at"].astimezone(MADRID).date() <= until]
    assert made.whole.leads + made.unscored.leads == len(wanted)


@pytest.mark.parametrize("until", [None, date(2026, 3, 1)])
def test_the_pool_compares_thirty_days_with_the_thirty_before(filled: Store, until: date | None) -> None:
    pool = grid_of(filled, LeadFilter(since=date(2026, 2, 25), until=until, source="ads")).pool
    end = NOW if until is None else day_start(date(2026, 3, 2), MADRID)
    assert (pool.start, pool.middle, pool.end) == (end - 60 * DAY, end - 30 * DAY, end)
    ads = [fact for fact in FACTS if fact["source"] == "ads" and grade_of(fact)]
    now = [grade_of(fact) for fact in ads if pool.middle <= fact["handed_over_at"] < end]
    before = [grade_of(fact) for fact in ads if pool.start <= fact["handed_over_at"] < pool.middle]
    assert (pool.now, pool.before) == (len(now), len(before))
    for shift in pool.shifts:
        name = shift.fit_grade + shift.engagement_grade
        assert (shift.now, shift.before) == (now.count(name), before.count(name))
        assert shift.share_now == pytest.approx(now.count(name) / len(now))
        assert shift.points == pytest.approx(100 * (now.count(name) / len(now) - before.count(name) / len(before)))


def test_an_empty_store_has_an_empty_grid(store: Store) -> None:
    made = grid_of(store)
    assert made.whole == Counted() == made.unscored
    assert all(cell.verdict is Verdict.FEW and cell.reasons == () for cell in made.cells)
    assert all(shift.points is None for shift in made.pool.shifts)
    assert len(made.table().rows) == len(CELLS)
    assert made.to_json()["cells"][0]["of_scored"]["rate"] is None


def test_a_row_of_the_table_is_a_cell(filled: Store) -> None:
    made = grid_of(filled)
    table = made.table()
    row = dict(zip(table.columns, table.rows[0], strict=True))
    cell = made.cells[0]
    assert (row["fit_grade"], row["engagement_grade"], row["segment"]) == ("A", "1", "golden")
    assert (row["judged"], row["sqls"]) == (cell.counted.scored, cell.counted.scored_sqls)
    assert row["rate"] == cell.counted.scored_rate.share
    assert row["most_common_reason"] == cell.reasons[0].reason
    assert made.matured_until == NOW - HORIZON
