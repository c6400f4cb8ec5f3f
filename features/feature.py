"""A feature: one primitive over one attribute, or over the events of one type or of all."""

from dataclasses import dataclass
from functools import cached_property, partial
from typing import Any

from features.attributes import Kind, Side
from features.primitives import AttributePrimitive, EventPrimitive, FeatureValue, Primitive, primitive_from_json
from features.words import ACTIVITY, Noun, noun_of, words


@dataclass(frozen=True)
class Feature:
    """One column of what the model sees.

    Over an attribute, `name` is its column. Over events, `event_type` is the type that counts, None for all.
    """

    name: str
    side: Side
    event_type: str | None
    primitive: Primitive

    @property
    def kind(self) -> Kind:
        """How the feature enters the model: number, category or flag."""
        return self.primitive.gives

    @property
    def unit(self) -> str:
        """What the value counts."""
        return self.primitive.unit

    @property
    def missing(self) -> str:
        """What a missing value means."""
        return self.primitive.missing

    @property
    def title(self) -> str:
        """Give the feature's name for people, as charts and cards show it.

        >>> from features.primitives import CountInWindow
        >>> Feature("events.download.count_30d", Side.ENGAGEMENT, "download", CountInWindow(30)).title
        'downloads, last 30 days'
        """
        if isinstance(self.primitive, EventPrimitive):
            return self.primitive.title(self._noun())
        return words(self.name)

    @property
    def how(self) -> str:
        """How the feature is computed, as a phrase."""
        if isinstance(self.primitive, EventPrimitive):
            return self.primitive.describe(self._noun())
        assert isinstance(self.primitive, AttributePrimitive)
        return self.primitive.describe(words(self.name))

    def say(self, value: FeatureValue) -> str:
        """Say a value of this feature as a phrase for a salesperson.

        >>> from features.primitives import CountInWindow
        >>> feature = Feature("events.download.count_30d", Side.ENGAGEMENT, "download", CountInWindow(30))
        >>> feature.say(3.0)
        '3 downloads in the last 30 days'
        """
        return self._say(value)

    @cached_property
    def _say(self) -> "partial[str]":
        """What says a value: found out once, as a request says several."""
        if isinstance(self.primitive, EventPrimitive):
            return partial(self.primitive.say, noun=self._noun())
        assert isinstance(self.primitive, AttributePrimitive)
        return partial(self.primitive.say, subject=words(self.name))

    def to_json(self) -> dict[str, Any]:
        """Give the feature as plain JSON values."""
        place = {"name": self.name, "side": self.side.value, "event_type": self.event_type}
        return place | {"primitive": self.primitive.to_json()}

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Feature":
        """Read back what `to_json` gave; an unknown primitive raises BundleError."""
        return cls(value["name"], Side(value["side"]), value["event_type"], primitive_from_json(value["primitive"]))

    def _noun(self) -> Noun:
        return ACTIVITY if self.event_type is None else noun_of(self.event_type)
