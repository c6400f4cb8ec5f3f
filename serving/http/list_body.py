"""A body that is one list under a name."""

from collections.abc import Sequence
from typing import Any

from features.problems import did_you_mean, shorten
from serving.http.problems import not_acceptable
from serving.values.attribute_values import said
from serving.values.field_error import FieldError, pointer_part


def items_of(value: Any, name: str, most: int) -> Sequence[Any]:
    """Give the items of the list `name`, each as it was sent.

    Raises ProblemError (422) where there is no such list, something beside it, or more than `most` items.

    >>> items_of({"leads": [1, 2]}, "leads", 1_000)
    [1, 2]
    """
    if not isinstance(value, dict):
        raise not_acceptable([FieldError("#", f"must be an object with {name}, not {said(value)}")])
    errors = [FieldError(f"#/{pointer_part(key)}", _unknown(key, name)) for key in value if key != name]
    items = value.get(name)
    if name not in value:
        errors.append(FieldError(f"#/{name}", "is missing; send it"))
    elif not isinstance(items, list):
        errors.append(FieldError(f"#/{name}", f"must be a list of {name}, not {said(items)}"))
    elif len(items) > most:
        errors.append(FieldError(f"#/{name}", f"has {len(items)} {name}; send at most {most} at a time"))
    if errors:
        raise not_acceptable(errors)
    assert isinstance(items, list)
    return items


def _unknown(key: str, name: str) -> str:
    return f"is not known here; {did_you_mean(shorten(key), [name])}"
