"""Event types that only winners, or only losers, have before their hand-over."""

from collections.abc import Iterator

from features.findings import Severity
from training.leak_guard.leak import Leak, Place
from training.leak_guard.one_sided import one_sided
from training.leak_guard.outcome_words import speaks_of_outcome
from training.leak_guard.searched import Searched
from training.leak_guard.values import FEWEST, LITTLE_SURPRISE


def search_event_types(searched: Searched) -> Iterator[Leak]:
    """Look at who has events of each type at all."""
    for event_type, counts in searched.event_counts.items():
        sure = one_sided(counts > 0, searched.y)
        hinted = one_sided(counts > 0, searched.y, FEWEST, LITTLE_SURPRISE)
        if sure:
            said = f"occur before the hand-over on {sure.say()}"
            yield Leak(event_type, sure.severity, said, Place.EVENT_TYPE)
        elif hinted and speaks_of_outcome(event_type):
            said = f"speak of the outcome, and occur before the hand-over on {hinted.say()}"
            yield Leak(event_type, Severity.WARNING, said, Place.EVENT_TYPE)
