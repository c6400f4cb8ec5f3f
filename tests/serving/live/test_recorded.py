"""The score at hand-over is remembered, marked, as of the hand-over."""

from features.store import Store
from features.store.leads import find_lead
from features.store.ledger import Trigger, scores_of
from serving.live.live_model import LiveModel
from serving.live.recorded import record_hand_over
from tests.serving.live.conftest import DAY, NOW, Happened, Put


def test_it_is_as_of_the_hand_over_and_nothing_later_counts(
    store: Store, live: LiveModel, put: Put, did: Happened
) -> None:
    handed_over_at = NOW - DAY
    put(handed_over_at=handed_over_at, sector="software")
    did("a", "download", handed_over_at)
    with store.writing() as connection:
        lead = find_lead(connection, "a")
        assert lead is not None
        record_hand_over(connection, lead, live, NOW)
    did("a", "download", handed_over_at + DAY / 86_400)
    with store.writing() as connection:
        record_hand_over(connection, lead, live, NOW)
        first, second = scores_of(connection, "a")
    assert (first.as_of, first.recorded_at, first.at_hand_over) == (handed_over_at, NOW, True)
    assert first.trigger == Trigger.HAND_OVER
    assert second.inputs == first.inputs
