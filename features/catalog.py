"""The catalogue: every feature the model sees, declared once, as data. The decision moment is `as of`.

To add a feature over events, add a line to `EVENT_TEMPLATES`; training, serving, reasons and documentation follow.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from features.attributes import Attribute, Kind, Side
from features.errors import DataError
from features.event_types import known_event_types
from features.feature import Feature
from features.primitives import (
    ActiveDays,
    AttributePrimitive,
    CategoryValue,
    CountEver,
    CountInWindow,
    DaysSinceDate,
    DaysSinceFirst,
    DaysSinceLast,
    DecayedCount,
    DistinctContents,
    DistinctTypes,
    EventPrimitive,
    FeatureValue,
    FlagValue,
    NumberValue,
    Trend,
)
from features.primitives.past_events import PastEvents
from features.problems import Problem

__all__ = ["Catalog", "EventTemplate", "Feature", "build_catalog", "known_event_types", "overall", "per_type"]


@dataclass(frozen=True)
class EventTemplate:
    """A primitive to be computed over the events of each known type, or over all events at once."""

    primitive: EventPrimitive
    each_type: bool


def per_type(primitive: EventPrimitive) -> EventTemplate:
    """Declare a feature for each known event type."""
    return EventTemplate(primitive, each_type=True)


def overall(primitive: EventPrimitive) -> EventTemplate:
    """Declare one feature over events of every type, known or not."""
    return EventTemplate(primitive, each_type=False)


EVENT_TEMPLATES: tuple[EventTemplate, ...] = (
    per_type(CountInWindow(days=30)),
    per_type(CountEver()),
    per_type(DaysSinceLast()),
    per_type(DecayedCount(half_life_days=30)),
    overall(CountInWindow(days=7)),
    overall(CountInWindow(days=30)),
    overall(CountInWindow(days=90)),
    overall(DaysSinceLast()),
    overall(DaysSinceFirst()),
    overall(DecayedCount(half_life_days=7)),
    overall(DecayedCount(half_life_days=30)),
    overall(DecayedCount(half_life_days=90)),
    overall(DistinctContents(days=90)),
    overall(DistinctTypes(days=90)),
    overall(ActiveDays(days=30)),
    overall(Trend(days=14)),
)

ATTRIBUTE_PRIMITIVES: dict[Kind, AttributePrimitive] = {
    Kind.NUMBER: NumberValue(),
    Kind.FLAG: FlagValue(),
    Kind.CATEGORY: CategoryValue(),
    Kind.DATE: DaysSinceDate(),
}


@dataclass(frozen=True)
class Catalog:
    """The features of one model in the order of its columns, with the attributes and event types they read.

    Events of an excluded type count nowhere, in tables and in requests alike.
    Two features of one name raise DataError.
    """

    features: tuple[Feature, ...]
    attributes: tuple[Attribute, ...]
    event_types: tuple[str, ...]
    excluded_event_types: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        clashes = [name for name, count in Counter(self.names).items() if count > 1]
        if clashes:
            raise DataError([_clash(name) for name in clashes])

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The features' names, in order."""
        return tuple(feature.name for feature in self.features)

    @cached_property
    def without_events(self) -> tuple[FeatureValue, ...]:
        """What every feature is, in order, for a lead of which nothing is known."""
        primitives = [feature.primitive for feature in self.features]
        return tuple(each.no_events if isinstance(each, EventPrimitive) else None for each in primitives)

    @cached_property
    def over_attributes(self) -> dict[str, AttributePrimitive]:
        """The features over attributes, by name and in order."""
        primitives = ((feature.name, feature.primitive) for feature in self.features)
        return {name: primitive for name, primitive in primitives if isinstance(primitive, AttributePrimitive)}

    @cached_property
    def over_events(self) -> dict[str | None, dict[str, EventPrimitive]]:
        """The features over the events of each type, and of all types (None), by name and in order."""
        by_type: dict[str | None, dict[str, EventPrimitive]] = {}
        for feature in self.features:
            if isinstance(feature.primitive, EventPrimitive):
                by_type.setdefault(feature.event_type, {})[feature.name] = feature.primitive
        return by_type

    @cached_property
    def steps_over_attributes(self) -> tuple[tuple[int, str, AttributePrimitive], ...]:
        """The features over attributes: place, name and primitive."""
        return tuple((self.names.index(name), name, each) for name, each in self.over_attributes.items())

    @cached_property
    def steps_over_events(self) -> dict[str | None, tuple[tuple[int, Callable[[PastEvents], int], float], ...]]:
        """For the events of each type, and of all types (None): a feature's place, and what to reduce and multiply by.

        One lead has dozens of them in a row: what a step needs is looked up once.
        """
        place = {name: at for at, name in enumerate(self.names)}
        return {
            event_type: tuple((place[name], each.reduced, each.factor) for name, each in primitives.items())
            for event_type, primitives in self.over_events.items()
        }

    def to_json(self) -> dict[str, Any]:
        """Give the catalogue as plain JSON values, each feature with its primitive's parameters."""
        return {
            "features": [feature.to_json() for feature in self.features],
            "attributes": [attribute.to_json() for attribute in self.attributes],
            "event_types": list(self.event_types),
            "excluded_event_types": list(self.excluded_event_types),
        }

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Catalog":
        """Read back what `to_json` gave, whatever the templates are by now; an unknown primitive raises BundleError."""
        return cls(
            tuple(Feature.from_json(feature) for feature in value["features"]),
            tuple(Attribute.from_json(attribute) for attribute in value["attributes"]),
            tuple(value["event_types"]),
            tuple(value["excluded_event_types"]),
        )


def build_catalog(
    attributes: Sequence[Attribute],
    event_types: Sequence[str],
    templates: Sequence[EventTemplate] = EVENT_TEMPLATES,
    *,
    excluded_event_types: Sequence[str] = (),
) -> Catalog:
    """Give a feature for each attribute, then those over events; without event types there are none of the latter.

    >>> catalog = build_catalog([Attribute("sector", Side.FIT, Kind.CATEGORY)], ["download"])
    >>> catalog.names[:3]
    ('sector', 'events.download.count_30d', 'events.download.count_ever')
    """
    features = [_attribute_feature(attribute) for attribute in attributes]
    for event_type in event_types:
        features += [_event_feature(event_type, each.primitive) for each in templates if each.each_type]
    if event_types:
        features += [_event_feature(None, each.primitive) for each in templates if not each.each_type]
    return Catalog(tuple(features), tuple(attributes), tuple(event_types), tuple(excluded_event_types))


def _attribute_feature(attribute: Attribute) -> Feature:
    return Feature(attribute.name, attribute.side, None, ATTRIBUTE_PRIMITIVES[attribute.kind])


def _event_feature(event_type: str | None, primitive: EventPrimitive) -> Feature:
    subject = "any" if event_type is None else event_type
    return Feature(f"events.{subject}.{primitive.key}", Side.ENGAGEMENT, event_type, primitive)


def _clash(name: str) -> Problem:
    return Problem("is the name of two features", "rename the column or the event type, or exclude one", value=name)
