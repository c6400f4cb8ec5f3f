"""A primitive computes one feature of one lead; it is pure: no clock, no fitting, no state.

Each has two faces side by side, equal to the last bit: a Polars expression for whole tables, plain Python for one lead.
"""

from abc import ABC, abstractmethod
from dataclasses import asdict, dataclass, fields
from typing import Any, ClassVar

import polars as pl

from features.attributes import Kind
from features.lead import AttributeValue
from features.primitives.past_events import PastEvents
from features.primitives.reduction import Reduction
from features.words import Noun

FeatureValue = float | str | None


@dataclass(frozen=True)
class Primitive(ABC):
    """What every primitive declares of itself.

    kind: its stable name in a model bundle. gives: how the feature enters the model. missing: what missing means.
    """

    kind: ClassVar[str]
    gives: ClassVar[Kind] = Kind.NUMBER
    unit: ClassVar[str]
    missing: ClassVar[str]

    def to_json(self) -> dict[str, Any]:
        """Give the primitive's kind and parameters as plain JSON values."""
        return {"kind": self.kind} | asdict(self)


@dataclass(frozen=True)
class AttributePrimitive(Primitive):
    """A feature of one attribute, and of `as of` where the attribute is a date."""

    @abstractmethod
    def expression(self, column: pl.Expr, as_of: pl.Expr) -> pl.Expr:
        """Give the feature for a table: Float64, or String for a category; missing is null."""

    @abstractmethod
    def value(self, raw: AttributeValue, as_of_us: int) -> FeatureValue:
        """Give the feature for one lead. A value that is not of the attribute's kind raises TypeError."""

    @abstractmethod
    def say(self, value: FeatureValue, subject: str) -> str:
        """Say the value as a phrase; `subject` is the attribute in words."""

    @abstractmethod
    def describe(self, subject: str) -> str:
        """Say how the feature is computed."""


@dataclass(frozen=True)
class EventPrimitive(Primitive):
    """A feature of a lead's events up to `as of`, either of one type or of all.

    For tables, `expression` gives each event a whole number (or, to count distinct things, any value) and `reduction`
    makes one whole number of them; for one lead, `reduced` gives the same number. The feature is that number times
    `factor`, the inverse of `scale`: table engines divide by a constant that way, and the last bits differ.
    `no_events` is the feature of a lead without events. Parameters are whole and positive.
    """

    reduction: ClassVar[Reduction]
    scale: ClassVar[int] = 1
    no_events: ClassVar[float | None] = 0.0
    missing: ClassVar[str] = "never missing: no events is a true 0"

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            if type(value) is not int or value < 1:
                raise ValueError(f"{self.kind}: {field.name} is {value!r}; it must be a whole number from 1 up")

    @property
    def factor(self) -> float:
        """What the whole number is multiplied by."""
        return 1 / self.scale

    @property
    @abstractmethod
    def key(self) -> str:
        """The last part of the feature's name, such as `count_30d`."""

    @abstractmethod
    def expression(self) -> pl.Expr:
        """Give what each event of a table adds, from the columns of `past_events`."""

    @abstractmethod
    def reduced(self, events: PastEvents) -> int:
        """Give the whole number that the events of one lead come to."""

    @abstractmethod
    def say(self, value: float | None, noun: Noun) -> str:
        """Say the value as a phrase about the events that `noun` names."""

    @abstractmethod
    def title(self, noun: Noun) -> str:
        """Give the name of the feature, as charts and cards show it."""

    @abstractmethod
    def describe(self, noun: Noun) -> str:
        """Say how the feature is computed."""

    def of_group(self, column: pl.Expr) -> pl.Expr:
        """Give the feature of a group of rows, from the column that `expression` made."""
        return self.reduction.of_column(column).cast(pl.Float64) * self.factor
