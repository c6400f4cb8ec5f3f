"""A catalogue with a feature of every kind, and the forms of a language, for tests of words."""

from zoneinfo import ZoneInfo

from babel import Locale

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from features.feature import Feature
from serving.pages.wording.formats import Formats
from serving.pages.wording.words import words_of

CATALOG = build_catalog(
    [
        Attribute("JobRole", Side.FIT, Kind.CATEGORY),
        Attribute("employees", Side.FIT, Kind.NUMBER),
        Attribute("opted in", Side.FIT, Kind.FLAG),
        Attribute("created", Side.FIT, Kind.DATE),
    ],
    ["page_view", "v2.count_30d"],
)
BY_NAME = {feature.name: feature for feature in CATALOG.features}


def formats(language: str) -> Formats:
    """Give the forms of a language."""
    return Formats(Locale(language), ZoneInfo("UTC"), words_of(language))


def over_events() -> list[Feature]:
    """Give the features over events."""
    return [feature for feature in CATALOG.features if feature.event_type or feature.name.startswith("events.any")]
