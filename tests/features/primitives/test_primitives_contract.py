"""What every primitive must hold, found by discovery so that a new one is held to it too."""

import importlib
import inspect
import json
import pkgutil
from collections.abc import Iterator
from dataclasses import FrozenInstanceError, fields
from random import Random

import polars as pl
import pytest

import features.primitives
from features.attributes import Kind
from features.errors import BundleError
from features.primitives import PRIMITIVES, AttributePrimitive, EventPrimitive, Primitive, primitive_from_json
from features.primitives.past_events import PastEvents
from features.words import ACTIVITY, noun_of

BASES = {Primitive, AttributePrimitive, EventPrimitive}


def found_primitives() -> Iterator[type[Primitive]]:
    for module in pkgutil.iter_modules(features.primitives.__path__):
        members = vars(importlib.import_module(f"features.primitives.{module.name}")).values()
        for member in members:
            if inspect.isclass(member) and issubclass(member, Primitive) and member not in BASES:
                yield member


EVERY = [kind(*(30 for _ in fields(kind))) for kind in PRIMITIVES.values()]
OVER_EVENTS = [each for each in EVERY if isinstance(each, EventPrimitive)]
OVER_ATTRIBUTES = [each for each in EVERY if isinstance(each, AttributePrimitive)]
DAY_US = 86_400_000_000
ROWS = [(age * DAY_US // 3, 8 * age, 20_000 - age // 3, f"type {age % 4}", f"content {age % 5}") for age in range(200)]
every = pytest.mark.parametrize("primitive", EVERY, ids=lambda each: each.kind)
over_events = pytest.mark.parametrize("primitive", OVER_EVENTS, ids=lambda each: each.kind)
over_attributes = pytest.mark.parametrize("primitive", OVER_ATTRIBUTES, ids=lambda each: each.kind)


def test_every_primitive_of_the_folder_is_listed() -> None:
    assert set(found_primitives()) == set(PRIMITIVES.values())


@every
def test_a_primitive_comes_back_from_json(primitive: Primitive) -> None:
    assert primitive_from_json(json.loads(json.dumps(primitive.to_json()))) == primitive


@every
def test_a_primitive_cannot_be_changed(primitive: Primitive) -> None:
    with pytest.raises((FrozenInstanceError, TypeError)):
        setattr(primitive, "days", 1)  # noqa: B010 (a plain assignment is already an error of types)


@every
def test_a_primitive_declares_its_unit_and_what_missing_means(primitive: Primitive) -> None:
    assert primitive.unit
    assert primitive.missing
    assert primitive.gives in {Kind.NUMBER, Kind.FLAG, Kind.CATEGORY}


@over_events
@pytest.mark.parametrize("value", [None, -2.5, 0.0, 0.01, 1.0, 2.5, 1e15])
@pytest.mark.parametrize("noun", [ACTIVITY, noun_of("page_view"), noun_of("ウェビナー")])
def test_an_event_primitive_has_a_phrase_for_any_value(primitive: EventPrimitive, value: float, noun: object) -> None:
    phrase = primitive.say(value, noun)  # type: ignore[arg-type]  # parametrised
    assert phrase.strip() == phrase != ""
    assert "None" not in phrase


@over_attributes
def test_an_attribute_primitive_has_a_phrase_for_any_value(primitive: AttributePrimitive) -> None:
    values = ["software"] if primitive.gives is Kind.CATEGORY else [0.0, 0.01, 1.0, 2.5, 1e15]
    for value in [None, *values]:
        assert primitive.say(value, "the thing").startswith("the thing")
    assert "not known" in primitive.say(None, "the thing")


@over_events
def test_an_event_primitive_has_equal_faces_and_its_table_face_is_blind_to_order(primitive: EventPrimitive) -> None:
    shuffled = Random(1).sample(ROWS, len(ROWS))
    table = pl.DataFrame(shuffled, schema=["age_us", "hours", "day", "type", "content"], orient="row").with_columns(
        row=0
    )
    grouped = table.select("row", value=primitive.expression()).group_by("row").agg(primitive.of_group(pl.col("value")))
    assert grouped["value"][0] == primitive.reduced(PastEvents.of(ROWS)) * primitive.factor


@over_events
def test_keys_of_other_parameters_are_other_keys(primitive: EventPrimitive) -> None:
    other = type(primitive)(*(7 for _ in fields(primitive)))
    assert (other.key == primitive.key) == (other == primitive)


@pytest.mark.parametrize("days", [0, -1, 1.5, True, "30"])
def test_a_window_that_is_not_a_whole_number_of_days_is_refused(days: object) -> None:
    with pytest.raises(ValueError, match=r"count_in_window: days is .*; it must be a whole number from 1 up"):
        PRIMITIVES["count_in_window"](days)  # type: ignore[call-arg]  # that is the point


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ({"kind": "moon_phase"}, "'moon_phase' is not a primitive of this version of leadsift, known are number_value"),
        ({}, "None is not a primitive"),
        ({"kind": "trend", "weeks": 2}, "cannot be made"),
        ({"kind": "trend", "days": 0}, "days is 0; it must be a whole number"),
    ],
)
def test_a_primitive_that_this_version_lacks_is_named(value: dict[str, object], reason: str) -> None:
    with pytest.raises(BundleError, match=reason):
        primitive_from_json(value)
