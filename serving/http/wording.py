"""Puts what is wrong with a body's shape into plain words."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from features.problems import did_you_mean, shorten
from serving.http.lead_body import Body, EventBody, ScoreRequest
from serving.values.attribute_values import said
from serving.values.field_error import SHOWN_ERRORS, FieldError, pointer_part

TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}


def shape_errors(
    error: ValidationError, body: type[Body] = ScoreRequest, part: type[Body] = EventBody, root: str = "#"
) -> list[FieldError]:
    """Give what pydantic found, in plain words, of a flood only the first.

    `body` was read, with lists of `part`; it stands at the pointer `root`.
    """
    found = error.errors(include_url=False)[: SHOWN_ERRORS + 1]
    return [FieldError(_pointer(root, each["loc"]), _detail(each, body, part)) for each in found]


def _pointer(root: str, place: Sequence[str | int]) -> str:
    return "/".join([root, *(pointer_part(str(each)) for each in place)])


def _detail(error: Mapping[str, Any], body: type[Body], part: type[Body]) -> str:
    found, limits = error["input"], error.get("ctx", {})
    match error["type"]:
        case kind if kind in TYPES:
            detail = f"must be {TYPES[kind]}, not {said(found)}"
        case "missing":
            detail = "is missing; send it"
        case "extra_forbidden":
            members = (part if len(error["loc"]) > 1 else body).model_fields
            detail = f"is not known here; {did_you_mean(shorten(str(error['loc'][-1])), members)}"
        case "string_too_short":
            detail = "is empty; it needs at least one character"
        case "string_too_long":
            detail = f"has {len(found)} characters; at most {limits['max_length']} are read"
        case "greater_than_equal":
            detail = f"is {said(found)}; it must be at least {limits['ge']}"
        case "less_than_equal":
            detail = f"is {said(found)}; it must be at most {limits['le']}"
        case "literal_error":
            detail = f"is {said(found)}; it must be {limits['expected']}"
        case _:
            detail = str(error["msg"])
    return detail
