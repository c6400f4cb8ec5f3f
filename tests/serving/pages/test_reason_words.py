"""Reasons are phrases in the reader's language, whatever the feature."""

from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel import Locale

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from features.feature import Feature
from serving.pages.wording.formats import Formats
from serving.pages.wording.reason_words import SAYINGS, say_reason
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
    return Formats(Locale(language), ZoneInfo("UTC"), words_of(language))


def said(name: str, value: Any, language: str = "es") -> str:
    feature = BY_NAME[name]
    return say_reason({"feature": name, "value": value, "label": feature.say(value)}, formats(language))


@pytest.mark.parametrize("name", BY_NAME)
def test_english_is_what_the_score_says(name: str) -> None:
    value = "boss" if BY_NAME[name].kind is Kind.CATEGORY else 3.0
    assert said(name, value, "en") == BY_NAME[name].say(value)


@pytest.mark.parametrize(
    ("name", "value", "phrase"),
    [
        ("JobRole", "Jefe", "job role: Jefe"),
        ("JobRole", None, "job role: desconocido"),
        ("employees", 1200.0, "employees: 1.200"),
        ("opted in", 1.0, "opted in: sí"),
        ("opted in", 0.0, "opted in: no"),
        ("created", 40.2, "created: hace 40 días"),
        ("events.page_view.count_30d", 3.0, "page view: 3 en los últimos 30 días"),
        ("events.page_view.count_ever", 0.0, "page view: 0 hasta ahora"),
        ("events.page_view.days_since_last", 6.02, "page view: la última vez, hace 6 días"),
        ("events.page_view.days_since_last", None, "page view: ninguna todavía"),
        ("events.any.decayed_7d", 0.94, "actividad reciente: 0,9, y cada una vale la mitad a los 7 días"),
        ("events.any.trend_14d", -2.0, "actividad: −2 en los últimos 14 días, frente a los 14 días anteriores"),
        ("events.v2.count_30d.count_30d", 1.0, "v2.count 30d: 1 en los últimos 30 días"),
    ],
)
def test_spanish_says_the_same(name: str, value: Any, phrase: str) -> None:
    assert said(name, value) == phrase


def over_events() -> list[Feature]:
    return [feature for feature in CATALOG.features if feature.event_type or feature.name.startswith("events.any")]


def test_every_feature_over_events_has_a_saying_of_its_own() -> None:
    told = {name: said(name, 2.0) for name in (feature.name for feature in over_events())}
    assert len(set(told.values())) == len(told)
    assert not [phrase for phrase in told.values() if "events." in phrase]
    assert len(SAYINGS) == len({feature.primitive.kind for feature in over_events()})
