"""The list of breaches is of the leads that were not worked in time, and of those that webhooks tell of."""

from datetime import timedelta
from functools import partial
from typing import Any

import orjson
import pytest
from sqlalchemy import select

from features.store import Store
from features.store.schema import outbox
from features.topics import Subscriber, Topic
from serving.reports.agreement.breaches import Breaches, BreachState, breaches
from serving.reports.agreement.report import agreement_report
from serving.reports.lead_filter import LeadFilter
from serving.webhooks.breaches import ANNOUNCED_FOR, BreachWatch
from tests.serving.reports.delivered_leads import AGREED, MADRID, NOW, RULES, Lead, fill, make_leads, on

ALL = 1_000


@pytest.fixture(scope="module")
def sample() -> list[Lead]:
    return make_leads(500, seed=8)


@pytest.fixture(scope="module")
def filled(shared_store: Store, sample: list[Lead]) -> Store:
    fill(shared_store, sample)
    return shared_store


def listed(store: Store, state: BreachState | None = None, page: int = 1, rows: int = ALL, **asked: Any) -> Breaches:
    make = partial(breaches, asked=LeadFilter(**asked), state=state, page=page, rows=rows)
    made: Breaches = on(store, make)
    return made


def shown(store: Store, sample: list[Lead]) -> list[Lead]:
    """Give the breaches of the weeks that the reports show, those that wait first, then the newest."""
    weeks = {each.week for each in on(store, partial(agreement_report, asked=LeadFilter())).weeks}
    found = [each for each in sample if each.is_breach and each.week in weeks]
    return sorted(found, key=lambda each: (each.worked_at is not None, -each.due_at.timestamp(), each.lead_id))


def test_every_breach_is_listed_with_its_owner_the_waiting_first(filled: Store, sample: list[Lead]) -> None:
    found = listed(filled)
    wanted = shown(filled, sample)
    assert [(each.lead_id, each.owner, each.source, each.due_at, each.worked_at) for each in found.listed] == [
        (each.lead_id, each.owner, each.source, each.due_at, each.worked_at) for each in wanted
    ]
    assert found.total == len(wanted)
    for each in found.listed:
        assert each.over_s == int(RULES.clock.elapsed(each.due_at, each.worked_at or NOW).total_seconds())


@pytest.mark.parametrize("state", BreachState)
def test_those_of_one_state_alone_can_be_listed(filled: Store, sample: list[Lead], state: BreachState) -> None:
    wanted = [each.lead_id for each in shown(filled, sample) if (each.worked_at is None) is (state == "waiting")]
    found = listed(filled, state)
    assert [each.lead_id for each in found.listed] == wanted
    assert {each.state for each in found.listed} == {state}


@pytest.mark.parametrize("asked", [{}, {"owner": "Bo"}, {"source": "ads"}])
def test_the_list_agrees_with_the_figures_of_the_agreement(filled: Store, asked: dict[str, Any]) -> None:
    total = on(filled, partial(agreement_report, asked=LeadFilter(**asked))).total
    assert listed(filled, **asked).total == total.breaches
    assert listed(filled, BreachState.WAITING, **asked).total == total.handling.waiting


def test_its_pages_put_together_are_the_whole_list(filled: Store) -> None:
    whole = listed(filled)
    pages = [listed(filled, page=page, rows=30) for page in range(1, whole.total // 30 + 3)]
    assert [each for page in pages for each in page.listed] == list(whole.listed)
    assert {page.pages for page in pages} == {-(-whole.total // 30)}
    assert (pages[1].first, pages[1].last) == (31, 60)
    assert pages[-1].listed == ()


def test_what_webhooks_announce_is_what_is_listed(store: Store, sample: list[Lead]) -> None:
    """A lead that was decided on before it was handed over waits all the same."""
    fill(store, sample)
    BreachWatch(store, AGREED, MADRID, [Subscriber("crm", frozenset(Topic))]).look(NOW)
    with store.reading() as connection:
        told = [orjson.loads(body)["data"] for body in connection.execute(select(outbox.c.body)).scalars()]
    waiting = [each for each in listed(store, BreachState.WAITING).listed if each.due_at > NOW - ANNOUNCED_FOR]
    assert {(each["lead_id"], each["due_at"]) for each in told} == {
        (each.lead_id, each.due_at.isoformat().replace("+00:00", "Z")) for each in waiting
    }
    anew = [each for each in sample if each.decisions and not each.decided]
    assert {each.lead_id for each in anew} & {each["lead_id"] for each in told}


def test_the_moment_itself_is_in_time_and_a_lead_unworked_at_it_is_not(filled: Store, sample: list[Lead]) -> None:
    waits = next(each for each in shown(filled, sample) if each.worked_at is None)
    make = partial(breaches, asked=LeadFilter(), state=BreachState.WAITING, page=1, rows=ALL)
    for now, is_listed in ((waits.due_at, True), (waits.due_at - timedelta(seconds=1), False)):
        found: Breaches = on(filled, make, now=now)
        assert (waits.lead_id in {each.lead_id for each in found.listed}) is is_listed


def test_an_empty_store_has_one_empty_page(store: Store) -> None:
    found = listed(store)
    assert (found.total, found.pages, found.listed) == (0, 1, ())
    assert found.table().rows == []
