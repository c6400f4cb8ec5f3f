"""Reasons are phrases in the reader's language, whatever the feature."""

from typing import Any

import pytest

from features.attributes import Kind
from serving.pages.wording.reason_words import SAYINGS, say_reason
from tests.serving.pages.catalogue import BY_NAME, formats, over_events


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


def test_every_feature_over_events_has_a_saying_of_its_own() -> None:
    told = {name: said(name, 2.0) for name in (feature.name for feature in over_events())}
    assert len(set(told.values())) == len(told)
    assert not [phrase for phrase in told.values() if "events." in phrase]
    assert len(SAYINGS) == len({feature.primitive.kind for feature in over_events()})
