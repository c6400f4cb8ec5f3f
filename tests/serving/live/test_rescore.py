"""Scoring all open leads anew: like one by one, written where something changed, going on where it stopped."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import func, select

from features.errors import StoreError
from features.store import Store
from features.store.events import events_of
from features.store.leads import find_lead
from features.store.ledger import StoredScore, Trigger, newest_scores, unpack_inputs
from features.store.outcomes import add_outcome
from features.store.schema import leads, rescores, scores
from serving.live.live_model import LiveModel
from serving.live.rescore import LEADS_AT_ONCE, Rescored, rescore
from tests.serving.conftest import AS_OF, LEADS
from tests.serving.live.conftest import DAY, NOW, Happened, Put


def run(store: Store, live: LiveModel, at: datetime = NOW, at_once: int = LEADS_AT_ONCE) -> Rescored:
    return rescore(store, live, lambda: at, lambda *_: None, at_once)


def decide(store: Store, lead_id: str, outcome: str) -> None:
    with store.writing() as connection:
        add_outcome(
            connection, lead_id, outcome, reason=None, decided_at=NOW, first_touch_at=None, useful_content=[], now=NOW
        )


def newest(store: Store) -> dict[str, StoredScore]:
    with store.reading() as connection:
        return newest_scores(connection, list(connection.execute(select(leads.c.lead_id)).scalars()))


def test_every_lead_gets_the_score_that_it_gets_alone_to_the_last_bit(company: Store, live: LiveModel) -> None:
    assert run(company, live, AS_OF + DAY, at_once=250) == Rescored("1", LEADS, LEADS, went_on=False)
    kept = newest(company)
    assert len(kept) == LEADS
    with company.reading() as connection:
        for lead_id, stored in kept.items():
            lead = find_lead(connection, lead_id)
            assert lead is not None
            alone = live.score(lead_id, lead.attributes, events_of(connection, lead_id), AS_OF + DAY, 3)
            assert repr(unpack_inputs(stored.inputs)) == repr(list(alone.values))
            assert (stored.probability, stored.fit_points, stored.engagement_points) == (
                alone.score.probability,
                alone.score.fit.points,
                alone.score.engagement.points,
            )
            assert stored.reasons == alone.score.to_json()["reasons"]


def test_only_open_leads_are_scored(store: Store, live: LiveModel, put: Put) -> None:
    for lead_id in ("sql", "rejected", "recycled", "unworked"):
        put(lead_id)
        decide(store, lead_id, lead_id)
    put("open")
    put("early", handed_over_at=None)
    assert run(store, live).scored == 2
    assert set(newest(store)) == {"open", "unworked"}


def test_a_score_that_looks_the_same_is_not_written_again(
    store: Store, live: LiveModel, newer: LiveModel, put: Put, did: Happened
) -> None:
    put("still", sector="software")
    put("ages", sector="software")
    did("ages", "download", NOW)
    assert run(store, live).changed == 2
    assert run(store, live, NOW + DAY / 86_400).changed == 0
    assert run(store, live, NOW + 60 * DAY).changed == 1
    assert {lead_id: score.as_of for lead_id, score in newest(store).items()} == {
        "still": NOW,
        "ages": NOW + 60 * DAY,
    }
    assert run(store, newer, NOW + 60 * DAY).changed == 2
    assert {score.trigger for score in newest(store).values()} == {Trigger.RESCORE}


def test_scores_fall_with_time_where_nothing_happens(store: Store, live: LiveModel, put: Put, did: Happened) -> None:
    put()
    did("a", "download", NOW - DAY)
    run(store, live)
    before = newest(store)["a"].probability
    run(store, live, NOW + 90 * DAY)
    assert newest(store)["a"].probability < before


@pytest.mark.parametrize(("later", "went_on"), [(timedelta(hours=1), True), (timedelta(hours=13), False)])
def test_an_interrupted_run_goes_on_where_it_stopped_unless_that_is_long_ago(
    company: Store, live: LiveModel, later: timedelta, went_on: bool
) -> None:
    with pytest.raises(StoreError, match="interrupted"):
        rescore(company, live, lambda: AS_OF, failing_after(3), at_once=100)
    assert len(newest(company)) == 200
    done = run(company, live, AS_OF + later)
    assert (done.scored, done.went_on) == (LEADS, went_on)
    assert len(newest(company)) == LEADS
    with company.reading() as connection:
        assert connection.execute(select(func.count()).select_from(rescores)).scalar_one() == 2 - went_on


def failing_after(calls: int) -> Callable[[str, float], None]:
    left = iter(range(calls - 1))

    def report(_: str, __: float) -> None:
        if next(left, None) is None:
            raise StoreError("interrupted")

    return report


def test_a_run_that_ended_is_not_gone_on_with(store: Store, live: LiveModel, put: Put) -> None:
    put()
    run(store, live)
    assert run(store, live, NOW + timedelta(hours=1)) == Rescored("1", 1, 0, went_on=False)


def test_a_run_by_another_model_is_not_gone_on_with(company: Store, live: LiveModel, newer: LiveModel) -> None:
    with pytest.raises(StoreError, match="interrupted"):
        rescore(company, live, lambda: AS_OF, failing_after(2), at_once=100)
    assert run(company, newer, AS_OF).changed == LEADS
    with company.reading() as connection:
        by_version = connection.execute(select(scores.c.model_version, func.count()).group_by(scores.c.model_version))
        assert dict(list(by_version)) == {"1": 100, "2": LEADS}


def test_without_open_leads_there_is_nothing_to_do(store: Store, live: LiveModel) -> None:
    assert run(store, live) == Rescored("1", 0, 0, went_on=False)
