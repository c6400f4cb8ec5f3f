"""Between two scores, what changed is data, time or the model, in points that add up."""

from collections.abc import Sequence
from datetime import datetime

import pytest

from features.errors import UnknownLeadError
from features.store import Store
from features.store.leads import find_lead
from serving.live.history import Change, HistoryEntry, ModelOf, lead_history
from serving.live.live_model import LiveModel
from serving.live.recorded import record_hand_over
from serving.live.stored_score import score_stored
from tests.serving.live.conftest import DAY, NOW, Happened, Put


def score(store: Store, live: LiveModel, at: datetime) -> None:
    with store.writing() as connection:
        score_stored(connection, "a", live, 3, at)


def history(store: Store, model_of: ModelOf, newest: int = 100) -> list[HistoryEntry]:
    with store.reading() as connection:
        return lead_history(connection, "a", model_of, newest)


def nothing_at_hand(_: str) -> LiveModel | None:
    return None


def only_change(store: Store, *models: LiveModel) -> Change:
    at_hand = {live.model.version: live for live in models}
    first, second = history(store, at_hand.get)
    assert first.change is None
    assert second.change is not None
    check_sum([second])
    return second.change


def check_sum(entries: Sequence[HistoryEntry]) -> None:
    for entry in entries:
        if entry.change is not None:
            change = entry.change
            parts = change.data + change.time + change.model + change.unexplained
            assert parts == pytest.approx(change.points, abs=1e-9)


def test_a_lead_that_only_ages_changes_by_time(store: Store, live: LiveModel, put: Put, did: Happened) -> None:
    put(sector="software")
    did("a", "download", NOW - DAY)
    score(store, live, NOW)
    score(store, live, NOW + 40 * DAY)
    change = only_change(store, live)
    assert change.time == pytest.approx(change.points, abs=1e-9)
    assert abs(change.points) > 0.5
    assert change.data == pytest.approx(0, abs=1e-9)
    assert (change.model, change.unexplained) == (0, 0)


def test_what_becomes_known_at_the_same_moment_is_data(store: Store, live: LiveModel, put: Put, did: Happened) -> None:
    put(sector="software")
    score(store, live, NOW)
    late = NOW + DAY / 1000
    put(at=late, sector="retail")
    did("a", "download", NOW - DAY, arrived_at=late)
    score(store, live, late)
    change = only_change(store, live)
    assert change.data == pytest.approx(change.points, abs=1e-6)
    assert abs(change.points) > 0.5
    assert change.time == 0


def test_another_model_of_the_same_lead_is_the_model(store: Store, live: LiveModel, newer: LiveModel, put: Put) -> None:
    put(sector="software")
    score(store, live, NOW)
    score(store, newer, NOW)
    change = only_change(store, live, newer)
    assert change.model == change.points != 0
    assert (change.data, change.time) == (0, 0)


def test_all_three_at_once_add_up_whichever_model_is_at_hand(
    store: Store, live: LiveModel, newer: LiveModel, put: Put, did: Happened
) -> None:
    put(sector="software", employees=10)
    did("a", "download", NOW - DAY)
    score(store, live, NOW)
    put(at=NOW + DAY, sector="retail", employees=10)
    did("a", "page_view", NOW + 30 * DAY)
    score(store, newer, NOW + 40 * DAY)
    for at_hand in ([live, newer], [live], [newer]):
        change = only_change(store, *at_hand)
        assert min(abs(change.data), abs(change.time), abs(change.model)) > 0.01
        assert change.unexplained == 0


def test_without_any_model_what_cannot_be_told_apart_is_unexplained(
    store: Store, live: LiveModel, newer: LiveModel, put: Put, did: Happened
) -> None:
    put(sector="software")
    did("a", "download", NOW - DAY)
    score(store, live, NOW)
    score(store, live, NOW + DAY)
    did("a", "download", NOW + 2 * DAY)
    score(store, live, NOW + 3 * DAY)
    score(store, newer, NOW + 4 * DAY)
    changes = [entry.change for entry in history(store, nothing_at_hand)[1:]]
    kinds = [(change.time != 0, change.unexplained != 0) for change in changes if change is not None]
    assert kinds == [(True, False), (False, True), (False, True)]
    check_sum(history(store, nothing_at_hand))


def test_the_score_at_a_hand_over_of_the_past_knows_what_was_known_when_it_was_recorded(
    store: Store, live: LiveModel, put: Put, did: Happened
) -> None:
    did_before = NOW - 10 * DAY
    put(handed_over_at=NOW - 5 * DAY, sector="software")
    did("a", "download", did_before, arrived_at=NOW)
    with store.writing() as connection:
        lead = find_lead(connection, "a")
        assert lead is not None
        record_hand_over(connection, lead, live, NOW)
    score(store, live, NOW)
    change = only_change(store, live)
    assert change.time == pytest.approx(change.points, abs=1e-9)


def test_the_newest_are_given_each_with_its_change(store: Store, live: LiveModel, put: Put, did: Happened) -> None:
    put()
    did("a", "download", NOW - DAY)
    for days in range(4):
        score(store, live, NOW + days * DAY)
    every, newest = history(store, {"1": live}.get), history(store, {"1": live}.get, newest=2)
    assert [entry.score.as_of for entry in every] == [NOW + days * DAY for days in range(4)]
    assert newest == every[2:]


def test_a_lead_without_scores_has_an_empty_history_and_one_that_is_not_there_none(store: Store, put: Put) -> None:
    put()
    assert history(store, nothing_at_hand) == []
    with pytest.raises(UnknownLeadError), store.reading() as connection:
        lead_history(connection, "nobody", nothing_at_hand, 1)
