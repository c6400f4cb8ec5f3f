"""The features of one lead, in plain Python."""

from collections import defaultdict
from collections.abc import Sequence
from operator import itemgetter

from features.catalog import Catalog
from features.lead import Event, Lead
from features.primitives import FeatureValue
from features.primitives.instants import DAY_US, HOUR_US, microseconds
from features.primitives.past_events import PastEvent, PastEvents


def feature_row(lead: Lead, catalog: Catalog) -> list[FeatureValue]:
    """Give the lead's features in the catalogue's order: float, text for a category, None for missing.

    Equal to its row of `feature_table` to the last bit. A time without a zone, or an attribute of another kind than
    the catalogue says, raises TypeError: requests are checked before they come here.
    """
    as_of_us = microseconds(lead.as_of)
    row = list(catalog.without_events)
    for at, name, attribute in catalog.steps_over_attributes:
        row[at] = attribute.value(lead.attributes.get(name), as_of_us)
    if lead.events and catalog.over_events:
        past = _past_events(lead.events, as_of_us, catalog.excluded_event_types)
        for event_type, events in _by_type(past, catalog).items():
            for at, reduced, factor in catalog.steps_over_events[event_type]:
                row[at] = reduced(events) * factor
    return row


def _past_events(events: Sequence[Event], as_of_us: int, excluded: Sequence[str]) -> list[PastEvent]:
    """Give the events that count, newest first."""
    past = []
    for event_type, occurred_at, content in events:
        occurred_us = microseconds(occurred_at)
        age_us = as_of_us - occurred_us
        if age_us >= 0 and event_type not in excluded:
            past.append((age_us, age_us // HOUR_US, occurred_us // DAY_US, event_type, content or None))
    past.sort(key=itemgetter(0))
    return past


def _by_type(past: Sequence[PastEvent], catalog: Catalog) -> dict[str | None, PastEvents]:
    """Give the events of each type that features are over, and of all types under None; none are empty."""
    by_type: dict[str | None, list[PastEvent]] = defaultdict(list)
    for event in past:
        by_type[event[3]].append(event)
    groups = [(None, past), *by_type.items()] if past else []
    return {event_type: PastEvents.of(group) for event_type, group in groups if event_type in catalog.over_events}
