"""An attribute: a column of the leads table, or a field of a request, that a feature reads."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Side(StrEnum):
    """Every feature says who the lead is (fit) or what the lead did (engagement), never both."""

    FIT = "fit"
    ENGAGEMENT = "engagement"


class Kind(StrEnum):
    """How an attribute is read.

    In tables: `number` and `flag` are Float64 (a flag is 1.0 or 0.0), `category` is String, `date` is
    Datetime in UTC. Missing is null in tables and None in a request; it is never quietly zero.
    """

    NUMBER = "number"
    CATEGORY = "category"
    FLAG = "flag"
    DATE = "date"


@dataclass(frozen=True)
class Attribute:
    """A column as the CRM names it, any script and sign allowed, with its side and kind.

    `minimum` and `maximum` bound a number, both ends allowed; None means unbounded.
    """

    name: str
    side: Side
    kind: Kind
    minimum: float | None = None
    maximum: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Give the attribute as plain JSON values."""
        bounds = {"minimum": self.minimum, "maximum": self.maximum}
        return {"name": self.name, "side": self.side.value, "kind": self.kind.value} | bounds

    @classmethod
    def from_json(cls, value: dict[str, Any]) -> "Attribute":
        """Read back what `to_json` gave."""
        return cls(value["name"], Side(value["side"]), Kind(value["kind"]), value["minimum"], value["maximum"])
