"""The score of a stored lead: like that of a sent one, and remembered."""

import pytest

from features.compute import feature_row
from features.errors import UnknownLeadError
from features.lead import Event, Lead
from features.store import Store
from features.store.ledger import StoredScore, Trigger, scores_of
from serving.live.live_model import LiveModel, ScoredLead
from serving.live.stored_score import score_stored
from tests.serving.live.conftest import DAY, NOW, Happened, Put


def ledger(store: Store, lead_id: str = "a") -> list[StoredScore]:
    with store.reading() as connection:
        return scores_of(connection, lead_id)


def scored(store: Store, live: LiveModel, at: object = NOW, lead_id: str = "a") -> ScoredLead:
    with store.writing() as connection:
        return score_stored(connection, lead_id, live, 3, at)  # type: ignore[arg-type]


def test_it_is_the_score_of_the_same_lead_sent(store: Store, live: LiveModel, put: Put, did: Happened) -> None:
    put(sector="software", employees=120)
    did("a", "download", NOW - DAY)
    events = [Event("download", NOW - DAY, "g")]
    sent = Lead({"sector": "software", "employees": 120.0}, events, NOW)
    assert scored(store, live).score == live.model.score_lead(sent, 3)
    assert scored(store, live).values == feature_row(sent, live.model.catalog)


def test_it_is_in_the_ledger_with_what_it_came_from(store: Store, live: LiveModel, put: Put) -> None:
    put(sector="software")
    found = scored(store, live)
    (kept,) = ledger(store)
    assert (kept.trigger, kept.at_hand_over, kept.model_version) == (Trigger.REQUEST, False, live.model.version)
    assert (kept.as_of, kept.recorded_at) == (NOW, NOW)
    assert (kept.probability, kept.fit_points, kept.segment) == (
        found.score.probability,
        found.score.fit.points,
        found.score.segment,
    )
    assert kept.reasons == found.score.to_json()["reasons"]


def test_what_the_model_cannot_read_counts_as_missing_and_is_said(store: Store, live: LiveModel, put: Put) -> None:
    put(sector="software", employees="many", shoe_size=43)
    found = scored(store, live).score
    assert found.warnings == (
        "'employees' must be a number, not 'many'; write it without quotes; it counts as missing",
    )
    put("b", sector="software")
    assert scored(store, live, lead_id="b").score.probability == found.probability


def test_an_event_from_a_fast_clock_counts_as_just_now_and_one_far_ahead_not_yet(
    store: Store, live: LiveModel, put: Put, did: Happened
) -> None:
    put()
    did("a", "download", NOW + DAY / 1440, arrived_at=NOW)
    did("a", "page_view", NOW + DAY, arrived_at=NOW)
    values = dict(zip(live.model.catalog.names, scored(store, live).values, strict=True))
    assert (values["events.download.days_since_last"], values["events.page_view.count_ever"]) == (0.0, 0.0)


def test_the_same_score_from_the_same_values_is_written_once(
    store: Store, live: LiveModel, put: Put, did: Happened
) -> None:
    put(sector="software")
    scored(store, live)
    scored(store, live, NOW + DAY)
    assert len(ledger(store)) == 1
    did("a", "download", NOW + DAY)
    scored(store, live, NOW + DAY)
    scored(store, live, NOW + 2 * DAY)
    assert len(ledger(store)) == 3


def test_a_lead_that_is_not_there_has_no_score(store: Store, live: LiveModel) -> None:
    with pytest.raises(UnknownLeadError):
        scored(store, live, lead_id="nobody")
