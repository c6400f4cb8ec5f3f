"""What stands behind the question mark of an address: read as strictly as a body."""

import re
from typing import Any, TypeVar

from fastapi import Request
from pydantic import ValidationError

from serving.http.lead_body import Body
from serving.http.problems import not_acceptable
from serving.http.wording import shape_errors
from serving.values.field_error import FieldError

Q = TypeVar("Q", bound=Body)

ROOT = "query"  # what pointers to a parameter begin with: query/capacity
WHOLE = re.compile(r"-?[0-9]{1,9}")
MEMBER = re.compile(r"([^\[\]]+)\[(.*)\]", re.DOTALL)  # attribute[sector]


def whole(text: Any) -> Any:
    """Give the whole number that a parameter's text is; what is none stays, to be refused as such.

    >>> whole("50"), whole("5.0"), whole(7)
    (50, '5.0', 7)
    """
    return int(text) if isinstance(text, str) and WHOLE.fullmatch(text) else text


def read_query(request: Request, query: type[Q]) -> Q:
    """Read the parameters. Raises ProblemError (422) with all that is wrong.

    `name[member]=value` is one member of an object called `name`.
    """
    sent: dict[str, Any] = {}
    errors: list[FieldError] = []
    for name, value in request.query_params.multi_items():
        member = MEMBER.fullmatch(name)
        into, key = (sent, name) if member is None else (sent.setdefault(member[1], {}), member[2])
        if not isinstance(into, dict) or key in into:
            errors.append(FieldError(f"{ROOT}/{key}", "stands there twice; send it once"))
        elif "\0" in key or "\0" in value:
            errors.append(FieldError(ROOT, "holds a NUL character; leave it out"))
        else:
            into[key] = value
    if errors:
        raise not_acceptable(errors)
    try:
        return query.model_validate(sent)
    except ValidationError as error:
        raise not_acceptable(shape_errors(error, query, query, ROOT)) from None


def parameters_of(query: type[Body]) -> dict[str, Any]:
    """Give the documentation of the parameters."""
    whole = query.model_json_schema()
    required = whole.get("required", ())
    return {
        "parameters": [
            _parameter(name, dict(schema), required=name in required) for name, schema in whole["properties"].items()
        ]
    }


def _parameter(name: str, schema: dict[str, Any], *, required: bool) -> dict[str, Any]:
    about = {"name": name, "in": "query", "required": required, "description": schema.pop("description", "")}
    style = {"style": "deepObject", "explode": True} if schema.get("type") == "object" else {}
    return about | style | {"schema": schema}
