"""Reads the attributes of a lead as the model's catalogue types them; nothing is guessed, null is missing."""

from collections.abc import Callable, Mapping, Sequence
from datetime import tzinfo
from typing import Any

from features.attributes import Attribute, Kind
from features.cell_values import LARGEST, MISSING_WORDS
from features.lead import AttributeValue
from features.problems import did_you_mean, shorten
from serving.values.field_error import SHOWN_ERRORS, FieldError, pointer_part
from serving.values.times import read_date

MAX_CATEGORY_CHARACTERS = 500
FLAG_WORDS = {"true": 1.0, "yes": 1.0, "false": 0.0, "no": 0.0}

Reader = Callable[[Any], AttributeValue]  # raises ValueError that goes on after the name of the attribute


class AttributeReader:
    """Reads the attributes that one model knows. `zone` is the zone of dates sent without a time."""

    def __init__(self, attributes: Sequence[Attribute], zone: tzinfo) -> None:
        self._readers = {attribute.name: _reader_of(attribute, zone) for attribute in attributes}

    def read(self, sent: Mapping[str, Any], errors: list[FieldError]) -> dict[str, AttributeValue]:
        """Give the typed values; what is wrong is added to `errors`, of a flood only the first."""
        values: dict[str, AttributeValue] = {}
        for name, value in sent.items():
            if len(errors) > SHOWN_ERRORS:
                break
            try:
                values[name] = self.read_one(name, value)
            except ValueError as error:
                errors.append(FieldError(f"#/attributes/{pointer_part(name)}", str(error)))
        return values

    def read_one(self, name: str, value: Any) -> AttributeValue:
        """Give the typed value of one attribute. Raises ValueError that goes on after its name."""
        reader = self._readers.get(name)
        if reader is not None:
            return None if value is None else reader(value)
        remedy = did_you_mean(shorten(name), self._readers) if self._readers else "it reads none at all"
        raise ValueError(f"is not an attribute of the model; {remedy}")


def _reader_of(attribute: Attribute, zone: tzinfo) -> Reader:
    match attribute.kind:
        case Kind.NUMBER:
            low = -LARGEST if attribute.minimum is None else attribute.minimum
            high = LARGEST if attribute.maximum is None else attribute.maximum
            return lambda value: _number(value, low, high)
        case Kind.CATEGORY:
            return _category
        case Kind.FLAG:
            return _flag
        case Kind.DATE:
            return lambda value: _date(value, zone)


def _number(value: Any, low: float, high: float) -> float:
    if type(value) is not float and type(value) is not int:
        raise ValueError(f"must be a number, not {said(value)}; write it without quotes")
    if not low <= value <= high:
        raise ValueError(f"is {value:g}, which is not from {low:g} to {high:g}")
    return float(value)


def _category(value: Any) -> str | None:
    if type(value) is int:
        return str(value)
    if type(value) is not str:
        raise ValueError(f"must be text or a whole number, not {said(value)}")
    if len(value) > MAX_CATEGORY_CHARACTERS:
        raise ValueError(f"has {len(value)} characters; at most {MAX_CATEGORY_CHARACTERS} are read")
    word = value.strip()
    return None if not word or word in MISSING_WORDS else word  # as in the files that the model learned from


def _flag(value: Any) -> float:
    if type(value) is bool:
        return float(value)
    word = FLAG_WORDS.get(value.lower()) if type(value) is str else None
    if word is None:
        raise ValueError(f"must be true or false (or the word yes or no), not {said(value)}")
    return word


def _date(value: Any, zone: tzinfo) -> AttributeValue:
    if type(value) is not str:
        raise ValueError(f"must be a date such as '2026-03-01', not {said(value)}")
    return read_date(value, zone)


def said(value: Any) -> str:  # one return a JSON type
    """Say what a JSON value is, without flooding the reader.

    >>> said("seven"), said([1, 2]), said(True)
    ("'seven'", 'a list', 'true')
    """
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return repr(shorten(value))
        case int() | float():
            return f"{value:g}"
        case list():
            return "a list"
    return "an object"
