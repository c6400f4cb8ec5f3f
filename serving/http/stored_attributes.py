"""Reads the attributes that a CRM wants kept: those that the model reads must be of their kind, others just plain."""

from collections.abc import Mapping, Sequence
from datetime import tzinfo
from typing import Any

from features.attributes import Attribute, Kind
from features.cell_values import LARGEST
from features.config.values import normal_name
from features.problems import nearest, shorten
from features.store.schema import NAME_CHARACTERS
from serving.values.attribute_values import MAX_CATEGORY_CHARACTERS, AttributeReader, said
from serving.values.field_error import SHOWN_ERRORS, FieldError, pointer_part

StoredValue = str | float | int | bool | None


class StoredAttributes:
    """Reads attributes beside a model that reads `attributes`, none where there is no model.

    `zone` is the zone of dates sent without a time.
    """

    def __init__(self, attributes: Sequence[Attribute], zone: tzinfo) -> None:
        self._kinds = {attribute.name: attribute.kind for attribute in attributes}
        self._reader = AttributeReader(attributes, zone)

    def read(self, sent: Mapping[str, Any], errors: list[FieldError]) -> tuple[dict[str, StoredValue], list[str]]:
        """Give the values to keep, and what the sender should know; what is wrong is added to `errors`."""
        values: dict[str, StoredValue] = {}
        warnings: list[str] = []
        for name, value in sent.items():
            if len(errors) > SHOWN_ERRORS:
                break
            try:
                kept = _kept_name(name, values)
                values[kept] = self._read_one(kept, value)
                warnings += self._warnings(kept)
            except ValueError as error:
                errors.append(FieldError(f"#/attributes/{pointer_part(name)}", str(error)))
        return values, warnings

    def _warnings(self, name: str) -> list[str]:
        like = None if name in self._kinds else nearest(name, self._kinds)
        return [] if like is None else [f"{shorten(name)!r} is kept, but the model does not read it; it reads {like!r}"]

    def _read_one(self, name: str, value: Any) -> StoredValue:
        """Give a value in the one form in which it is kept, so that it reads the same in training."""
        kind = self._kinds.get(name)
        if kind is None:
            return _plain(value)
        read = None if value is None else self._reader.read_one(name, value)
        match kind:
            case Kind.CATEGORY:
                return None if read is None else str(read)
            case Kind.FLAG:
                return None if read is None else bool(read)
        return _plain(value)


def _kept_name(name: str, others: Mapping[str, Any]) -> str:
    """Give a name as column names are kept."""
    if not name.strip() or len(name) > NAME_CHARACTERS:
        raise ValueError(f"has a name that is blank or longer than {NAME_CHARACTERS} characters")
    kept = normal_name(name)
    if kept in others:
        raise ValueError("stands twice, written in two ways; send it once")
    return kept


def _plain(value: Any) -> StoredValue:
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        if len(value) > MAX_CATEGORY_CHARACTERS:
            raise ValueError(f"has {len(value)} characters; at most {MAX_CATEGORY_CHARACTERS} are kept")
        return value
    if isinstance(value, int | float):
        if not -LARGEST <= value <= LARGEST:
            raise ValueError(f"is {value:g}, which is not from {-LARGEST:g} to {LARGEST:g}")
        return value
    raise ValueError(f"must be text, a number, true, false or null, not {said(value)}")
