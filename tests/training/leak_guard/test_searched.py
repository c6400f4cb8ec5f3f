"""What is searched: leads with a known outcome, oldest first, and what they had done by their hand-over."""

from collections import Counter

import numpy as np

from tests.training.leak_guard.conftest import Sample
from training.leak_guard.searched import MOST_LEADS, evenly, searched_leads


def test_the_leads_with_a_known_outcome_are_searched_oldest_first(sample: Sample) -> None:
    searched = searched_leads(sample.tables, sample.y, (), 0.3)

    assert len(searched.y) == np.isfinite(sample.y).sum()
    assert searched.leads["arrival"].is_sorted()
    assert searched.older == round(0.7 * len(searched.y))


def test_the_events_of_a_type_are_counted_up_to_the_hand_over(sample: Sample) -> None:
    searched = searched_leads(sample.tables, sample.y, ("email_open",), 0.3)
    as_of = dict(searched.leads.select("lead_id", "as_of").iter_rows())
    expected = Counter(
        (kind, lead)
        for lead, at, kind in sample.tables.events.select("lead_id", "occurred_at", "type").iter_rows()
        if lead in as_of and at <= as_of[lead]
    )

    assert set(searched.event_counts) == {kind for kind, _ in expected} - {"email_open"}
    for kind, counts in searched.event_counts.items():
        assert counts.tolist() == [expected[kind, lead] for lead in searched.leads["lead_id"]]


def test_of_very_many_leads_some_are_taken_at_even_distances() -> None:
    taken = evenly(np.arange(5 * MOST_LEADS))

    assert len(taken) == MOST_LEADS
    assert (taken[0], taken[-1]) == (0, 5 * MOST_LEADS - 1)
    assert set(np.diff(taken)) <= {4, 5, 6}
    assert evenly(np.arange(7)).tolist() == list(range(7))
