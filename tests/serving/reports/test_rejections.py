"""What sales rejected, and why, is as a plain recount of the same leads says."""

from collections import Counter
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from features.store import Store
from serving.reports import rejections as rejections_module
from serving.reports.lead_filter import LeadFilter
from serving.reports.rejections import PARTED_BY, TO_TALK_ABOUT, Rejections, rejections
from tests.serving.reports.fact_rows import Fact, context_of, fill, grade_of, make_facts

FACTS = make_facts(900, seed=9)
WIDE = LeadFilter(since=date(2025, 6, 1))
PARTS: dict[str, Callable[[Fact], Any]] = {
    "source": lambda fact: fact["source"],
    "campaign": lambda fact: fact["campaign"],
    "cell": grade_of,
    "owner": lambda fact: fact["owner"],
}


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    """Give a store with all facts."""
    fill(shared_store, FACTS)
    return shared_store


def made(store: Store, asked: LeadFilter = WIDE) -> Rejections:
    with store.reading() as connection:
        return rejections(context_of(connection), asked)


def rejected(facts: list[Fact]) -> list[Fact]:
    return [fact for fact in facts if fact["outcome"] == "rejected"]


@pytest.mark.parametrize("part", PARTED_BY)
def test_every_group_is_as_a_recount_says(filled: Store, part: str) -> None:
    groups = made(filled).parts[part].groups
    decided = [fact for fact in FACTS if fact["is_judged"]]
    assert {group.name for group in groups} == {PARTS[part](fact) for fact in decided}
    for group in groups:
        of_group = [fact for fact in decided if PARTS[part](fact) == group.name]
        assert group.rejected.decided == len(of_group)
        reasons = Counter(fact["reason"] for fact in rejected(of_group))
        assert {each.reason: each.leads for each in group.rejected.reasons} == reasons
        for reason, leads in reasons.items():
            assert group.rejected.share_of(reason).share == pytest.approx(leads / reasons.total())
    counts = [group.rejected.rate.positives for group in groups]
    assert counts == sorted(counts, reverse=True)


def test_the_whole_is_all_leads_once(filled: Store) -> None:
    whole = made(filled).whole
    assert whole.decided == sum(fact["is_judged"] for fact in FACTS)
    assert whole.rate.positives == len(rejected(FACTS))
    assert {each.reason: each.leads for each in whole.reasons} == Counter(fact["reason"] for fact in rejected(FACTS))


def test_the_leads_to_talk_about_are_the_extremes(filled: Store) -> None:
    report = made(filled)
    scored = [fact for fact in FACTS if fact["probability"] is not None]
    high = sorted(rejected(scored), key=lambda fact: -fact["probability"])
    low = sorted((fact for fact in scored if fact["is_sql"]), key=lambda fact: fact["probability"])
    assert [lead.lead_id for lead in report.high] == [fact["lead_id"] for fact in high[:TO_TALK_ABOUT]]
    assert [lead.lead_id for lead in report.low] == [fact["lead_id"] for fact in low[:TO_TALK_ABOUT]]


def test_only_so_many_groups_are_told_and_the_rest_counted(filled: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rejections_module, "MOST_GROUPS", 2)
    part = made(filled).parts["source"]
    assert (len(part.groups), part.of_groups) == (2, 3)


def test_the_table_has_a_row_for_each_reason_of_each_group(filled: Store) -> None:
    report = made(filled, LeadFilter(since=date(2025, 6, 1), owner="Ada"))
    table = report.table()
    rows = [dict(zip(table.columns, row, strict=True)) for row in table.rows]
    ads = [row for row in rows if (row["part"], row["name"]) == ("source", "ads")]
    of_ads = [fact for fact in FACTS if (fact["source"], fact["owner"]) == ("ads", "Ada")]
    assert {row["reason"]: row["leads"] for row in ads} == Counter(fact["reason"] for fact in rejected(of_ads))
    assert sum(row["share_of_rejected"] for row in ads) == pytest.approx(1)  # type: ignore[misc]  # numbers all
    assert {row["part"] for row in rows} == {"all", *PARTED_BY}


def test_an_empty_store_rejects_nothing(store: Store) -> None:
    report = made(store)
    assert (report.whole.decided, report.whole.rate.share, report.high, report.low) == (0, None, (), ())
    assert report.table().rows == []
