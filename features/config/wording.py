"""What pydantic found wrong in a section, said in plain words with a remedy."""

from collections.abc import Mapping
from typing import Any, get_args

from pydantic_core import ErrorDetails

from features.config.environment import PREFIX
from features.config.sections import Section, is_section
from features.config.values import REFUSED
from features.problems import Problem, did_you_mean, nearest

_WANTED = {
    "int_type": "a whole number",
    "int_from_float": "a whole number",
    "float_type": "a number",
    "finite_number": "a finite number",
    "string_type": "text in quotes",
    "tuple_type": 'a list, as ["a", "b"]',
    "model_type": "a table, as { key = value }",
    "dict_type": 'a table, as { "sector=software" = 10 }',
    "enum": "one of the known words",
}
_BOUNDS = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}


def say_error(
    error: ErrorDetails, section: str, model: type[Section], file: str, from_environment: Mapping[str, Any]
) -> Problem:
    """Give the problem behind one validation error, naming the section, the key, the value and what is allowed."""
    kind, location = error["type"], error["loc"]
    key = f"[{section}] {_say_location(location)}"
    if location and location[0] in from_environment:
        key = f"{PREFIX}{section}_{location[0]}".upper()
    context = error.get("ctx", {})
    if kind == REFUSED:
        return Problem(f"{key} {context['what']}", context["remedy"], file)
    if kind == "extra_forbidden":
        return _say_unknown_key(section, location, model, file)
    if kind == "missing":
        return Problem(f"{key} is missing", f"add the key to [{section}], or leave the section out", file)
    found = f"{key} is {error['input']!r}"
    if kind in ("literal_error", "enum"):
        return Problem(found, _say_choice(error["input"], context["expected"]), file)
    if kind in _BOUNDS:
        bound, words = _BOUNDS[kind]
        return Problem(found, f"it must be {words} {context[bound]}", file)
    return Problem(found, f"it must be {_WANTED.get(kind, error['msg'])}", file)


def _say_location(location: tuple[int | str, ...]) -> str:
    """Give the place inside a section as one counts: ("fit", 0, "kind") is "fit, entry 1, kind"."""
    return ", ".join(f"entry {part + 1}" if isinstance(part, int) else part for part in location)


def _say_unknown_key(section: str, location: tuple[int | str, ...], model: type[Section], file: str) -> Problem:
    name, known = str(location[-1]), _keys_at(model, location[:-1])
    parent = _say_location(location[:-1])
    place = f"[{section}]" + (f" {parent}" if parent else "")
    return Problem(f"is not a key of {place}", did_you_mean(name, known), file, value=name)


def _keys_at(model: type[Section], location: tuple[int | str, ...]) -> list[str]:
    """Give the keys known at a place inside a section."""
    for part in location:
        if isinstance(part, str):
            model = next(_sections_in(model.model_fields[part].annotation))
    return list(model.model_fields)


def _sections_in(annotation: Any) -> Any:
    if is_section(annotation):
        yield annotation
    for each in get_args(annotation):
        yield from _sections_in(each)


def _say_choice(value: Any, expected: str) -> str:
    """Give the nearest allowed word, and all of them."""
    words = [word.strip("'") for word in expected.replace(" or ", ", ").split(", ")]
    like = nearest(value, words) if isinstance(value, str) else None
    return (f"did you mean {like!r}? " if like else "") + f"allowed are {expected}"
