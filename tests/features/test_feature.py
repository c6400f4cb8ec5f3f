"""A feature speaks like a person."""

import pytest

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from features.primitives import FeatureValue

CATALOG = build_catalog(
    [
        Attribute("sector", Side.FIT, Kind.CATEGORY),
        Attribute("Company Size", Side.FIT, Kind.NUMBER),
        Attribute("opted_in", Side.FIT, Kind.FLAG),
        Attribute("signed_up", Side.FIT, Kind.DATE),
    ],
    ["download", "page_view", "form_entry"],
)
PHRASES: list[tuple[str, FeatureValue, str]] = [
    ("sector", "software", "sector is software"),
    ("sector", None, "sector is not known"),
    ("Company Size", 1200.0, "company size is 1,200"),
    ("Company Size", 12.34, "company size is 12.3"),
    ("opted_in", 1.0, "opted in: yes"),
    ("opted_in", 0.0, "opted in: no"),
    ("opted_in", None, "opted in: not known"),
    ("signed_up", 40.0, "signed up 40 days ago"),
    ("signed_up", None, "signed up is not known"),
    ("events.download.count_30d", 3.0, "3 downloads in the last 30 days"),
    ("events.download.count_30d", 1.0, "1 download in the last 30 days"),
    ("events.download.count_30d", 0.0, "no downloads in the last 30 days"),
    ("events.page_view.count_ever", 1234.0, "1,234 page views so far"),
    ("events.form_entry.count_ever", 2.0, "2 form entries so far"),
    ("events.form_entry.days_since_last", 4.0, "last form entry 4 days ago"),
    ("events.form_entry.days_since_last", 1.0, "last form entry 1 day ago"),
    ("events.form_entry.days_since_last", 0.2, "last form entry 4 hours ago"),
    ("events.form_entry.days_since_last", None, "no form entry yet"),
    ("events.download.decayed_30d", 3.44, "3.4 recent downloads (each counts half after 30 days)"),
    ("events.download.decayed_30d", 0.01, "almost no recent downloads"),
    ("events.download.decayed_30d", 0.0, "no recent downloads"),
    ("events.any.count_7d", 0.0, "no activity in the last 7 days"),
    ("events.any.days_since_first", 100.4, "first activity 100 days ago"),
    ("events.any.contents_90d", 1.0, "1 piece of content in the last 90 days"),
    ("events.any.contents_90d", 0.0, "no known content in the last 90 days"),
    ("events.any.types_90d", 4.0, "4 kinds of activity in the last 90 days"),
    ("events.any.active_days_30d", 5.0, "activities on 5 days in the last 30 days"),
    ("events.any.active_days_30d", 0.0, "no activity in the last 30 days"),
    ("events.any.trend_14d", 1.0, "1 more activity in the last 14 days than in the 14 days before"),
    ("events.any.trend_14d", -2.0, "2 fewer activities in the last 14 days than in the 14 days before"),
    ("events.any.trend_14d", 0.0, "as many activities in the last 14 days as in the 14 days before"),
]


@pytest.mark.parametrize(("name", "value", "phrase"), PHRASES)
def test_a_feature_says_its_value(name: str, value: FeatureValue, phrase: str) -> None:
    (feature,) = (each for each in CATALOG.features if each.name == name)
    assert feature.say(value) == phrase


def test_every_feature_says_its_unit_its_way_and_what_missing_means() -> None:
    assert all(feature.unit and feature.how and feature.missing for feature in CATALOG.features)


def test_every_feature_of_the_catalogue_has_a_phrase_for_missing() -> None:
    assert all("None" not in feature.say(None) for feature in CATALOG.features)
