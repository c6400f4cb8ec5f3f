"""The features of one lead, in plain Python."""

from collections.abc import Sequence

from features.catalog import Catalog
from features.feature import Feature
from features.lead import Event, Lead
from features.primitives import AttributePrimitive, EventPrimitive, FeatureValue
from features.primitives.instants import DAY_US, microseconds
from features.primitives.past_event import PastEvent

EventsByType = dict[str | None, list[PastEvent]]  # None holds the events of every type


def feature_row(lead: Lead, catalog: Catalog) -> list[FeatureValue]:
    """Give the lead's features in the catalogue's order: float, text for a category, None for missing.

    Equal to its row of `feature_table` to the last bit. A time without a zone, or an attribute of another kind than
    the catalogue says, raises TypeError: requests are checked before they come here.
    """
    as_of_us = microseconds(lead.as_of)
    events = _past_events(lead.events, as_of_us, catalog.excluded_event_types) if catalog.event_types else {}
    return [_value(feature, lead, events, as_of_us) for feature in catalog.features]


def _past_events(events: Sequence[Event], as_of_us: int, excluded: Sequence[str]) -> EventsByType:
    every: list[PastEvent] = []
    by_type: EventsByType = {None: every}
    for event in events:
        occurred_us = microseconds(event.occurred_at)
        if occurred_us <= as_of_us and event.type not in excluded:
            past = PastEvent(as_of_us - occurred_us, occurred_us // DAY_US, event.type, event.content)
            every.append(past)
            by_type.setdefault(event.type, []).append(past)
    return by_type


def _value(feature: Feature, lead: Lead, events: EventsByType, as_of_us: int) -> FeatureValue:
    primitive = feature.primitive
    if isinstance(primitive, EventPrimitive):
        return primitive.of_events(events.get(feature.event_type, ()))
    assert isinstance(primitive, AttributePrimitive)
    return primitive.value(lead.attributes.get(feature.name), as_of_us)
