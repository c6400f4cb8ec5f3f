"""The list of leads to work: the best, some by lot, and what it is worth."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from features.exploration import choose_exploration, draw_of
from features.store import Store
from features.store.leads import find_lead
from features.store.ledger import newest_scores
from features.store.worklist import WorklistFilter
from serving.live.live_model import LiveModel
from serving.live.rescore import rescore
from serving.live.worklist import Worklist, Worth, make_worklist
from tests.serving.conftest import AS_OF, LEADS, SmallModel
from tests.serving.live.conftest import DAY, NOW, Put, fill
from tests.serving.live.test_rescore import decide, run


def listed(store: Store, capacity: int = 50, exploration: float = 0.0, **wanted: Any) -> Worklist:
    with store.reading() as connection:
        return make_worklist(connection, WorklistFilter(**wanted), capacity, exploration)


def ids(worklist: Worklist, *, exploration: bool | None = None) -> list[str]:
    return [
        each.lead.score.lead_id for each in worklist.leads if exploration is None or each.exploration is exploration
    ]


@pytest.fixture(scope="module")
def scored(shared_store: Store, small: SmallModel, live: LiveModel) -> Store:
    """Give the store of the small company, all leads scored."""
    fill(shared_store, small)
    rescore(shared_store, live, lambda: AS_OF, lambda *_: None)
    return shared_store


def test_the_best_are_listed_and_valued_against_all_open_leads(scored: Store, small: SmallModel) -> None:
    probability = small.model.score_table(small.features).probability
    found = listed(scored, 50)
    top = np.sort(probability)[::-1][:50]
    assert [each.lead.score.probability for each in found.leads] == pytest.approx(top.tolist(), abs=1e-12)
    assert found.worth.expected_sqls == pytest.approx(top.sum())
    assert found.worth.share_of_sqls == pytest.approx(top.sum() / probability.sum())
    assert (found.open_leads, found.unscored) == (LEADS, 0)


def test_the_last_places_are_drawn_by_lot_from_those_that_the_lot_chooses(scored: Store, small: SmallModel) -> None:
    best, mixed = listed(scored, 50), listed(scored, 50, exploration=0.1)
    assert ids(mixed, exploration=False) == ids(best)[:45]
    drawn = ids(mixed, exploration=True)
    assert ids(mixed)[45:] == drawn
    assert choose_exploration(drawn, 0.1).all()
    every = set(small.leads["lead_id"]) - set(ids(best)[:45])
    assert drawn == sorted(every, key=draw_of)[:5]


def test_places_that_the_lot_cannot_fill_go_to_the_best(store: Store, live: LiveModel, put: Put) -> None:
    for lead_id in "abcdef":
        put(lead_id)
    run(store, live)
    few = sum(choose_exploration("abcdef", 0.3))
    found = listed(store, 6, exploration=0.3)
    assert len(ids(found)) == len(set(ids(found))) == 6
    assert len(ids(found, exploration=True)) <= few


def test_no_lead_stands_twice_on_a_list_of_any_length(store: Store, live: LiveModel, put: Put) -> None:
    for at in range(30):
        put(f"lead-{at}", employees=10 * at)
    run(store, live)
    for capacity in range(1, 35):
        found = ids(listed(store, capacity, exploration=0.3))
        assert len(found) == len(set(found)) == min(capacity, 30)


def test_other_capacities_are_worth_what_their_own_lists_are(scored: Store) -> None:
    with scored.reading() as connection:
        compared = make_worklist(connection, WorklistFilter(), 20, 0.1, [5, 50, 900]).compared
    own = [listed(scored, capacity, exploration=0.1).worth for capacity in (5, 50, 900)]
    assert compared == own
    assert [each.leads for each in own] == [5, 50, LEADS]
    assert own[-1].share_of_sqls == pytest.approx(1)


@pytest.mark.parametrize("capacity", [1, 5, 9])
def test_a_short_list_has_no_place_for_the_lot(scored: Store, capacity: int) -> None:
    assert ids(listed(scored, capacity, exploration=0.05), exploration=True) == []


def test_closed_leads_are_not_listed_and_leads_without_a_score_are_counted(
    store: Store, live: LiveModel, put: Put
) -> None:
    for lead_id in ("open", "closed", "unworked"):
        put(lead_id)
    run(store, live)
    decide(store, "closed", "rejected")
    decide(store, "unworked", "unworked")
    put("new")
    found = listed(store)
    assert sorted(ids(found)) == ["open", "unworked"]
    assert (found.open_leads, found.unscored) == (3, 1)


def test_a_lead_that_is_handed_over_again_after_a_decision_is_open_again(
    store: Store, live: LiveModel, put: Put
) -> None:
    put("again")
    run(store, live)
    decide(store, "again", "recycled")
    assert ids(listed(store)) == []
    put("again", at=NOW + DAY, handed_over_at=NOW + DAY)
    assert ids(listed(store)) == ["again"]
    with store.reading() as connection:
        lead = find_lead(connection, "again")
    assert lead is not None
    assert lead.is_open
    assert lead.is_waiting


def test_an_empty_store_gives_an_empty_list(store: Store) -> None:
    assert listed(store) == Worklist([], Worth(50, 0, 0, None), 0, 0, [])


HARD = ['a"b', "a\\b", "país", "x[0]", "a.b", "日本", "$", "a'b"]


@pytest.mark.parametrize(
    ("value", "asked"), [("soft wáre", "soft wáre"), (120, "120"), (1.5, "1.5"), (True, "true"), (False, "false")]
)
def test_leads_are_filtered_by_any_attribute_of_any_name(
    open_leads: Callable[..., Store], value: str | float | bool, asked: str
) -> None:
    store = open_leads(present=dict.fromkeys(HARD, value), other=dict.fromkeys(HARD, "x"), without={})
    for name in HARD:
        assert ids(listed(store, attributes={name: asked})) == ["present"]
        assert ids(listed(store, attributes={name: asked + "0"})) == []


@pytest.fixture
def open_leads(store: Store, live: LiveModel, put: Put) -> Callable[..., Store]:
    """Give what makes a store with scored leads of these attributes."""

    def make(**attributes_of: dict[str, Any]) -> Store:
        for lead_id, attributes in attributes_of.items():
            put(lead_id, **attributes)
        run(store, live)
        return store

    return make


def test_leads_are_filtered_by_owner_grade_and_segment(company: Store, put: Put, live: LiveModel) -> None:
    put("mine", sector="software")
    run(company, live)
    assert ids(listed(company, owner="Ada")) == ["mine"]
    assert ids(listed(company, owner="Ada", attributes={"sector": "retail"})) == []
    with company.reading() as connection:
        score = newest_scores(connection, ["mine"])["mine"]
    same: dict[str, Any] = {
        "fit_grade": score.fit_grade,
        "engagement_grade": score.engagement_grade,
        "segment": score.segment,
    }
    assert ids(listed(company, owner="Ada", **same)) == ["mine"]
    for name, value in same.items():
        one: dict[str, Any] = {name: value}
        every = listed(company, LEADS + 1, **one)
        assert {getattr(each.lead.score, name) for each in every.leads} == {value}
        assert len(every.leads) == every.open_leads < LEADS
