"""The attributes of stored leads as columns, as a typed file would have them."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl


def attribute_frame(attributes: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """Give a column for each attribute that any lead has, by name; as text where its values are of several types.

    >>> attribute_frame([{"b": 1}, {"a": "x", "b": 2.5}]).to_dict(as_series=False)
    {'a': [None, 'x'], 'b': [1.0, 2.5]}
    """
    names = sorted({name for each in attributes for name in each})
    return pl.DataFrame([_column(name, [each.get(name) for each in attributes]) for name in names])


def _column(name: str, values: Sequence[Any]) -> pl.Series:
    kinds = {type(value) for value in values} - {type(None)}
    if kinds == {bool}:
        return pl.Series(name, values, dtype=pl.Boolean)
    if kinds <= {int, float}:
        return pl.Series(name, values, dtype=pl.Float64)
    return pl.Series(name, [_text(value) for value in values], dtype=pl.String)


def _text(value: Any) -> str | None:
    """Write a value as files hold it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return None if value is None else str(value)
