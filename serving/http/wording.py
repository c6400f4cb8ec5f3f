"""Puts what is wrong with a body's shape into plain words."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from features.problems import did_you_mean, shorten
from serving.http.attribute_values import said
from serving.http.json_body import pointer_part
from serving.http.lead_body import EventBody, ScoreRequest
from serving.http.problems import SHOWN_ERRORS, FieldError

TYPES = {
    "string_type": "text",
    "int_type": "a whole number",
    "list_type": "a list",
    "dict_type": "an object",
    "model_type": "an object",
}


def shape_errors(error: ValidationError) -> list[FieldError]:
    """Give what pydantic found, in plain words, of a flood only the first."""
    found = error.errors(include_url=False)[: SHOWN_ERRORS + 1]
    return [FieldError(_pointer(each["loc"]), _detail(each)) for each in found]


def _pointer(place: Sequence[str | int]) -> str:
    return "/".join(["#", *(pointer_part(str(part)) for part in place)])


def _detail(error: Mapping[str, Any]) -> str:
    found, limits = error["input"], error.get("ctx", {})
    match error["type"]:
        case kind if kind in TYPES:
            detail = f"must be {TYPES[kind]}, not {said(found)}"
        case "missing":
            detail = "is missing; send it"
        case "extra_forbidden":
            detail = f"is not known here; {_known_members(error['loc'])}"
        case "string_too_short":
            detail = "is empty; it needs at least one character"
        case "string_too_long":
            detail = f"has {len(found)} characters; at most {limits['max_length']} are read"
        case "greater_than_equal":
            detail = f"is {said(found)}; it must be at least {limits['ge']}"
        case "less_than_equal":
            detail = f"is {said(found)}; it must be at most {limits['le']}"
        case _:
            detail = str(error["msg"])
    return detail


def _known_members(place: Sequence[str | int]) -> str:
    body = EventBody if len(place) > 1 else ScoreRequest
    return did_you_mean(shorten(str(place[-1])), body.model_fields)
