"""Leads are kept as they are now, and as they were at every moment before."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

from features.store import Store
from features.store.leads import Keep, PutResult, changes_of, find_lead, put_lead

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def put(store: Store, attributes: dict[str, object], at: datetime = NOW, **members: object) -> PutResult:
    """Put lead "a" with these attributes, at a moment."""
    known = {"handed_over_at": None, "owner": None} | members
    with store.writing() as connection:
        return put_lead(connection, "a", attributes, now=at, **known)  # type: ignore[arg-type]


def remembered(store: Store) -> Sequence[tuple[datetime, object]]:
    """Give since when lead "a" had which attributes."""
    with store.reading() as connection:
        return [(change.changed_at, change.attributes) for change in changes_of(connection, "a")]


def test_a_lead_comes_out_as_it_was_put(store: Store) -> None:
    attributes = {"Größe, «x»": 12.5, "n": 3, "zip": "028", "yes": True, "gone": None, "日本": "é"}
    result = put(store, attributes, handed_over_at=NOW - DAY, owner="Ana")
    assert (result.created, result.changed, result.handed_over) == (True, True, True)
    with store.reading() as connection:
        lead = find_lead(connection, "a")
        assert find_lead(connection, "b") is None
    assert lead == result.lead
    assert lead.attributes == {"Größe, «x»": 12.5, "n": 3, "zip": "028", "yes": True, "日本": "é"}
    assert (lead.handed_over_at, lead.owner, lead.created_at, lead.changed_at) == (NOW - DAY, "Ana", NOW, NOW)


def test_what_is_left_out_is_not_known_from_then_on_and_what_was_known_is_remembered(store: Store) -> None:
    put(store, {"x": 1, "y": 2})
    result = put(store, {"y": 2}, NOW + DAY)
    assert (result.created, result.changed) == (False, True)
    assert remembered(store) == [(NOW, {"x": 1, "y": 2}), (NOW + DAY, {"y": 2})]


def test_putting_the_same_again_changes_and_remembers_nothing(store: Store) -> None:
    put(store, {"x": 1, "y": 0.1}, owner="Ana")
    again = put(store, {"y": 0.1, "x": 1.0}, NOW + DAY, owner="Ana")
    assert (again.changed, again.lead.changed_at) == (False, NOW)
    assert len(remembered(store)) == 1


def test_yes_is_not_one(store: Store) -> None:
    put(store, {"x": 1})
    assert put(store, {"x": True}).changed


def test_hand_over_and_owner_stay_where_nothing_is_said_of_them_and_go_where_none_is_said(store: Store) -> None:
    put(store, {}, handed_over_at=NOW, owner="Ana")
    kept = put(store, {"x": 1}, handed_over_at=Keep.KEEP, owner=Keep.KEEP)
    assert (kept.lead.handed_over_at, kept.lead.owner, kept.handed_over) == (NOW, "Ana", False)
    gone = put(store, {"x": 1}, handed_over_at=None, owner=None)
    assert (gone.lead.handed_over_at, gone.lead.owner, gone.handed_over) == (None, None, False)


def test_a_moved_hand_over_is_a_hand_over_and_the_same_again_is_none(store: Store) -> None:
    put(store, {}, handed_over_at=NOW)
    assert not put(store, {"x": 1}, handed_over_at=NOW).handed_over
    assert put(store, {"x": 1}, handed_over_at=NOW - DAY).handed_over


def test_a_clock_that_went_back_does_not_change_the_order_of_changes(store: Store) -> None:
    put(store, {"x": 1})
    put(store, {"x": 2}, NOW - DAY)
    assert remembered(store) == [(NOW, {"x": 1}), (NOW, {"x": 2})]


def test_of_many_who_make_one_lead_at_once_one_makes_it_and_no_change_is_lost(store: Store) -> None:
    put(store, {"first": 0})

    def change(number: int) -> bool:
        with store.writing() as connection:
            return put_lead(connection, "b", {"n": number}, handed_over_at=None, owner=None, now=NOW).created

    with ThreadPoolExecutor(8) as pool:
        created = list(pool.map(change, range(40)))
    with store.reading() as connection:
        changes = changes_of(connection, "b")
    assert created.count(True) == 1
    assert {change.attributes["n"] for change in changes} == set(range(40))
