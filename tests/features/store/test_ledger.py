"""The ledger keeps every score as it was, and the newest of each lead at hand."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from features.errors import StoreError
from features.exploration import draw_of
from features.store import Store
from features.store.leads import put_lead
from features.store.ledger import (
    StoredScore,
    add_score,
    add_scores,
    held_leads,
    newest_scores,
    pack_inputs,
    scores_of,
    unpack_inputs,
)
from features.store.schema import latest_scores

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
A_SCORE = StoredScore(
    lead_id="a",
    as_of=NOW,
    recorded_at=NOW,
    model_version="1",
    trigger="request",
    at_hand_over=False,
    probability=1 / 3,
    fit_points=0.1 + 0.2,
    fit_grade="A",
    engagement_points=-1e-17,
    engagement_grade="4",
    segment="nurture",
    reasons=[{"feature": "país", "points": 0.1}],
    inputs=pack_inputs([1 / 3, None, "software"]),
)


@pytest.fixture
def with_leads(store: Store) -> Store:
    """Give a store with the leads a and b."""
    with store.writing() as connection:
        for lead_id in ("a", "b"):
            put_lead(connection, lead_id, {}, handed_over_at=NOW, owner=None, now=NOW)
    return store


def test_a_score_comes_back_to_the_last_bit(with_leads: Store) -> None:
    with with_leads.writing() as connection:
        number = add_score(connection, A_SCORE)
    with with_leads.reading() as connection:
        assert scores_of(connection, "a") == [replace(A_SCORE, id=number)]
        assert scores_of(connection, "b") == []


def test_scores_come_by_the_moment_they_are_of_and_the_newest_is_at_hand(with_leads: Store) -> None:
    moments = [NOW, NOW + 2 * DAY, NOW + DAY]
    with with_leads.writing() as connection:
        numbers = [add_score(connection, replace(A_SCORE, as_of=moment)) for moment in moments]
        assert [each.id for each in scores_of(connection, "a")] == [numbers[0], numbers[2], numbers[1]]
        assert [each.id for each in scores_of(connection, "a", newest=2)] == [numbers[2], numbers[1]]
        assert newest_scores(connection, ["a", "b"]) == {"a": replace(A_SCORE, id=numbers[1], as_of=moments[1])}


def test_of_two_scores_of_one_moment_the_later_is_the_newest(with_leads: Store) -> None:
    with with_leads.writing() as connection:
        add_score(connection, A_SCORE)
        second = add_score(connection, replace(A_SCORE, probability=0.5))
        assert newest_scores(connection, ["a"])["a"].id == second


def test_many_scores_get_their_own_numbers_in_order(with_leads: Store) -> None:
    with with_leads.writing() as connection:
        numbers = add_scores(connection, [replace(A_SCORE, lead_id="b"), A_SCORE])
        assert [newest_scores(connection, [lead_id])[lead_id].id for lead_id in ("b", "a")] == numbers


def test_each_lead_has_its_place_in_the_lot(with_leads: Store) -> None:
    with with_leads.writing() as connection:
        add_score(connection, A_SCORE)
        assert connection.execute(latest_scores.select()).mappings().one()["draw"] == draw_of("a")


def test_a_score_of_a_lead_that_is_not_there_is_refused(with_leads: Store) -> None:
    with with_leads.writing() as connection:
        assert held_leads(connection, ["a", "nobody"]) == {"a"}
    with pytest.raises(StoreError), with_leads.writing() as connection:
        add_score(connection, replace(A_SCORE, lead_id="nobody"))


@given(st.lists(st.none() | st.text() | st.floats(allow_nan=False, allow_infinity=False)))
def test_packed_inputs_come_back_as_they_were(values: list[float | str | None]) -> None:
    assert repr(unpack_inputs(pack_inputs(values))) == repr(values)
