"""Leads handed over before there was a model get the score of that moment, like one by one, and count in reports."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import select

from features.errors import DataError
from features.store import Store
from features.store.events import events_of
from features.store.fact_rules import NOTHING_AGREED
from features.store.hand_overs import Unscored, still_unscored
from features.store.known_then import known_then
from features.store.leads import find_lead
from features.store.ledger import StoredScore, Trigger, newest_scores, scores_of, unpack_inputs
from features.store.schema import lead_facts, leads
from serving.live.live_model import LiveModel
from serving.live.past_scores import LEADS_AT_ONCE, PastScored, score_past
from serving.live.recorded import record_hand_over
from serving.live.rescore import rescore
from tests.serving.conftest import AS_OF, LEADS
from tests.serving.live.conftest import DAY, NOW, Happened, Put


def run(store: Store, live: LiveModel, at_once: int = LEADS_AT_ONCE, now: datetime = NOW) -> PastScored:
    return score_past(store, live, now, lambda *_: None, rules=NOTHING_AGREED, at_once=at_once)


def scores(store: Store, lead_id: str = "a") -> list[StoredScore]:
    with store.reading() as connection:
        return scores_of(connection, lead_id)


@pytest.fixture
def trained_until(live: LiveModel) -> Callable[..., LiveModel]:
    """Give what makes the small model one that learned from leads up to a moment."""

    def make(until: datetime | None, in_order: int = 7) -> LiveModel:
        learned = {"learned_until": until and until.isoformat(), "learned_in_order": in_order}
        return LiveModel(replace(live.model, info=replace(live.model.info, training=learned)), UTC)

    return make


def test_every_lead_gets_the_score_that_it_gets_alone_to_the_last_bit(company: Store, live: LiveModel) -> None:
    assert run(company, live, at_once=250) == PastScored("1", None, LEADS, 0)
    with company.reading() as connection:
        kept = newest_scores(connection, list(connection.execute(select(leads.c.lead_id)).scalars()))
        assert len(kept) == LEADS
        for lead_id, stored in kept.items():
            then = known_then(connection, lead_id).at(AS_OF)
            alone = live.score(lead_id, then.attributes, events_of(connection, lead_id, AS_OF), AS_OF, 3)
            assert repr(unpack_inputs(stored.inputs)) == repr(list(alone.values))
            assert (stored.probability, stored.fit_points, stored.engagement_points) == (
                alone.score.probability,
                alone.score.fit.points,
                alone.score.engagement.points,
            )
            assert stored.reasons == alone.score.to_json()["reasons"]
            assert (stored.as_of, stored.recorded_at) == (AS_OF, NOW)
            assert (stored.trigger, stored.at_hand_over) == (Trigger.PAST, True)


def test_it_is_the_score_that_the_hand_over_would_have_given(
    store: Store, live: LiveModel, put: Put, did: Happened
) -> None:
    put("a", at=NOW - 9 * DAY, handed_over_at=NOW - 9 * DAY, sector="software")
    did("a", "download", NOW - 10 * DAY)
    with store.reading() as connection:
        known = events_of(connection, "a")
    then = live.score("a", {"sector": "software"}, known, NOW - 9 * DAY, 3)
    put("a", at=NOW - DAY, handed_over_at=NOW - 9 * DAY, sector="retail")
    did("a", "download", NOW - DAY)
    assert run(store, live).scored == 1
    assert scores(store)[0].probability == then.score.probability


def test_only_leads_newer_than_all_that_the_model_learned_from_are_scored(
    store: Store, trained_until: Callable[..., LiveModel], put: Put
) -> None:
    for lead_id, days in (("old", 5), ("newest learned", 3), ("newer", 2)):
        put(lead_id, handed_over_at=NOW - days * DAY)
    put("to come", handed_over_at=NOW + DAY)
    put("never", handed_over_at=None)
    done = run(store, trained_until(NOW - 3 * DAY))
    assert done == PastScored("1", NOW - 3 * DAY, 1, 2)
    assert done.lines() == [
        "1 leads scored as of their hand-over with version 1.",
        "2 older leads stay without: version 1 learned from leads handed over until 2026-03-12.",
    ]
    assert [len(scores(store, lead_id)) for lead_id in ("old", "newest learned", "newer", "to come")] == [0, 0, 1, 0]


def test_a_model_that_learned_from_leads_without_a_time_is_refused(
    store: Store, trained_until: Callable[..., LiveModel], put: Put
) -> None:
    put()
    with pytest.raises(DataError, match=r"learned from leads without a time.*handed_over_at"):
        run(store, trained_until(None))
    assert run(store, trained_until(None, in_order=0)).scored == 1


def test_a_lead_that_was_scored_at_its_hand_over_keeps_that_score(store: Store, live: LiveModel, put: Put) -> None:
    put()
    with store.writing() as connection:
        lead = find_lead(connection, "a")
        assert lead is not None
        record_hand_over(connection, lead, live, NOW)
    assert run(store, live).scored == 0
    assert [score.trigger for score in scores(store)] == [Trigger.HAND_OVER]


def test_another_hand_over_is_scored_too_and_the_newest_score_stays_the_newest(
    store: Store, live: LiveModel, newer: LiveModel, put: Put
) -> None:
    put(handed_over_at=NOW - 30 * DAY)
    assert run(store, live).scored == 1
    rescore(store, newer, lambda: NOW, lambda *_: None)
    put(handed_over_at=NOW - 20 * DAY)
    assert run(store, live).scored == 1
    assert run(store, live).scored == 0
    assert [score.as_of for score in scores(store) if score.at_hand_over] == [NOW - 30 * DAY, NOW - 20 * DAY]
    with store.reading() as connection:
        assert newest_scores(connection, ["a"])["a"].trigger == Trigger.RESCORE


def test_reports_count_the_score(store: Store, live: LiveModel, put: Put) -> None:
    put()
    run(store, live)
    with store.reading() as connection:
        fact = connection.execute(select(lead_facts)).one()
    assert (fact.lead_id, fact.probability, fact.model_version) == ("a", scores(store)[0].probability, "1")


def test_what_was_interrupted_is_done_by_starting_again(company: Store, live: LiveModel) -> None:
    def stop(_: str, share: float) -> None:
        if share > 0.3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        score_past(company, live, NOW, stop, rules=NOTHING_AGREED, at_once=100)
    left = run(company, live, at_once=100).scored
    assert 0 < left < LEADS
    assert run(company, live).scored == 0


def test_a_lead_that_is_gone_or_was_moved_meanwhile_is_not_written(store: Store, put: Put) -> None:
    put("a")
    put("moved", handed_over_at=NOW - DAY)
    with store.writing() as connection:
        still = still_unscored(connection, Unscored(None, NOW), ["a", "gone", "moved"])
    assert still == {"a": NOW, "moved": NOW - DAY}
