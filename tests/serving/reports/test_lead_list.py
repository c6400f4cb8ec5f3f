"""A list of leads is exactly the leads behind a number of the grid, in pages."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from features.store import Store
from serving.reports.grid.report import grid
from serving.reports.lead_filter import LeadFilter
from serving.reports.lead_list import LeadList, LeadsAsked, lead_list
from tests.serving.reports.fact_rows import EXPLORATION, Fact, context_of, fill, make_facts

FACTS = make_facts(400, seed=2)
ALL = LeadsAsked(LeadFilter(since=date(2025, 6, 1)), rows=1_000)


@pytest.fixture(scope="module")
def filled(shared_store: Store) -> Store:
    """Give a store with all facts."""
    fill(shared_store, FACTS)
    return shared_store


def listed(store: Store, asked: LeadsAsked) -> LeadList:
    with store.reading() as connection:
        return lead_list(context_of(connection), asked)


def ids(facts: list[Fact]) -> list[str]:
    ordered = sorted(facts, key=lambda fact: fact["lead_id"])
    return [fact["lead_id"] for fact in sorted(ordered, key=lambda fact: fact["handed_over_at"], reverse=True)]


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ({}, {}),
        ({"fit_grade": "A", "engagement_grade": "2"}, {"fit_grade": "A", "engagement_grade": "2"}),
        ({"segment": "golden"}, {"segment": "golden"}),
        ({"outcome": "rejected"}, {"outcome": "rejected"}),
        ({"outcome": "open"}, {"outcome": None}),
        ({"reason": "precio = 0 ñ"}, {"reason": "precio = 0 ñ"}),
    ],
)
def test_the_leads_that_are_asked_for_come_newest_first(
    filled: Store, asked: dict[str, Any], wanted: dict[str, Any]
) -> None:
    report = listed(filled, replace(ALL, **asked))
    expected = ids([fact for fact in FACTS if all(fact[name] == value for name, value in wanted.items())])
    assert expected
    assert [lead.lead_id for lead in report.listed] == expected
    assert report.leads == len(expected)


def test_leads_by_lot_can_be_asked_for(filled: Store) -> None:
    report = listed(filled, replace(ALL, by_lot=True))
    assert [lead.lead_id for lead in report.listed] == ids([fact for fact in FACTS if fact["draw"] < EXPLORATION])
    assert all(lead.by_lot for lead in report.listed)
    assert sum(lead.by_lot for lead in listed(filled, ALL).listed) == report.leads


def test_pages_together_have_every_lead_once(filled: Store) -> None:
    whole = [lead.lead_id for lead in listed(filled, ALL).listed]
    paged = replace(ALL, rows=30)
    pages = [listed(filled, replace(paged, page=page)) for page in range(1, 15)]
    assert pages[0].pages == 14
    assert [lead.lead_id for page in pages for lead in page.listed] == whole
    assert listed(filled, replace(paged, page=15)).listed == ()


def test_a_cell_of_the_grid_lists_as_many_leads_as_it_counts(filled: Store) -> None:
    asked = LeadFilter(source="ads")
    with filled.reading() as connection:
        cell = grid(context_of(connection), asked).cells[6]
    leads = LeadsAsked(asked, fit_grade=cell.fit_grade, engagement_grade=cell.engagement_grade)
    assert listed(filled, leads).leads == cell.counted.leads > 0


def test_an_empty_list_has_one_page(store: Store) -> None:
    report = listed(store, ALL)
    assert (report.leads, report.pages, report.listed) == (0, 1, ())
    assert report.table().rows == []


def test_a_lead_is_written_with_its_score(filled: Store) -> None:
    fact = next(fact for fact in FACTS if fact["probability"] is not None)
    lead = next(lead for lead in listed(filled, ALL).listed if lead.lead_id == fact["lead_id"])
    written = lead.to_json()
    assert written["score"] == round(100 * fact["probability"])
    assert written["handed_over_at"] == fact["handed_over_at"].isoformat()
