"""The catalogue: what it declares, what it refuses, and that it comes back from JSON."""

import json

import pytest

from features.attributes import Attribute, Kind, Side
from features.catalog import EVENT_TEMPLATES, Catalog, build_catalog, overall, per_type
from features.errors import BundleError, DataError
from features.primitives import CountEver, CountInWindow, EventPrimitive

SECTOR = Attribute("sector", Side.FIT, Kind.CATEGORY)
VISITS = Attribute("visits", Side.ENGAGEMENT, Kind.NUMBER, minimum=0)
SIGNED_UP = Attribute("signed_up", Side.FIT, Kind.DATE)
OPTED_IN = Attribute("opted_in", Side.FIT, Kind.FLAG)
EVERY_KIND = [SECTOR, VISITS, SIGNED_UP, OPTED_IN]


def test_attributes_come_first_then_each_type_then_all_types() -> None:
    catalog = build_catalog([SECTOR], ["b", "a"], [overall(CountEver()), per_type(CountInWindow(7))])
    assert catalog.names == ("sector", "events.b.count_7d", "events.a.count_7d", "events.any.count_ever")


def test_one_line_more_is_a_feature_more() -> None:
    added = build_catalog([], ["download"], [*EVENT_TEMPLATES, overall(CountInWindow(days=365))])
    assert set(added.names) - set(build_catalog([], ["download"]).names) == {"events.any.count_365d"}


def test_an_attribute_keeps_its_side_and_events_are_engagement() -> None:
    catalog = build_catalog(EVERY_KIND, ["download"])
    sides = {feature.name: feature.side for feature in catalog.features}
    assert {name: sides.pop(name) for name in ("sector", "visits", "signed_up", "opted_in")} == {
        "sector": Side.FIT,
        "visits": Side.ENGAGEMENT,
        "signed_up": Side.FIT,
        "opted_in": Side.FIT,
    }
    assert set(sides.values()) == {Side.ENGAGEMENT}


def test_a_feature_enters_the_model_as_number_category_or_flag() -> None:
    kinds = [feature.kind for feature in build_catalog(EVERY_KIND, []).features]
    assert kinds == [Kind.CATEGORY, Kind.NUMBER, Kind.NUMBER, Kind.FLAG]


def test_without_event_types_there_are_no_event_features() -> None:
    assert build_catalog([SECTOR], []).names == ("sector",)


def test_a_column_named_like_an_event_feature_is_refused() -> None:
    clash = Attribute("events.download.count_30d", Side.FIT, Kind.NUMBER)
    with pytest.raises(DataError, match=r"'events\.download\.count_30d' is the name of two features; rename"):
        build_catalog([clash], ["download"])


def test_an_event_type_named_any_is_refused_with_every_clash_in_one_error() -> None:
    with pytest.raises(DataError) as caught:
        build_catalog([], ["any"])
    assert [problem.value for problem in caught.value.problems] == [
        "events.any.count_30d",
        "events.any.days_since_last",
        "events.any.decayed_30d",
    ]


def test_a_catalogue_comes_back_from_json() -> None:
    catalog = build_catalog(EVERY_KIND, ["download", "ウェビナー"])
    assert Catalog.from_json(json.loads(json.dumps(catalog.to_json()))) == catalog


def test_a_catalogue_of_other_templates_comes_back_as_it_was() -> None:
    catalog = build_catalog([SECTOR], ["download"], [per_type(CountInWindow(days=365))])
    (feature,) = Catalog.from_json(catalog.to_json()).features[1:]
    assert feature.name == "events.download.count_365d"
    assert feature.primitive == CountInWindow(days=365)


def test_a_catalogue_with_a_primitive_of_another_version_is_refused() -> None:
    value = build_catalog([SECTOR], []).to_json()
    value["features"][0]["primitive"] = {"kind": "moon_phase"}
    with pytest.raises(BundleError, match="'moon_phase' is not a primitive of this version"):
        Catalog.from_json(value)


def test_the_templates_make_a_compact_set() -> None:
    assert sum(each.each_type for each in EVENT_TEMPLATES) <= 5
    assert sum(not each.each_type for each in EVENT_TEMPLATES) <= 14
    assert all(isinstance(each.primitive, EventPrimitive) for each in EVENT_TEMPLATES)
