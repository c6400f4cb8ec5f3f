"""What can be asked when stored leads are read."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from features.store.schema import NAME_CHARACTERS
from serving.http.lead_body import MAX_REASONS, NO_NUL, Body
from serving.http.query import whole
from serving.live.live_model import SHOWN_REASONS
from serving.model.grades import Segment

MAX_CAPACITY = 1_000
MAX_SCORES = 1_000
MAX_FILTERS = 10
MAX_VALUE_CHARACTERS = 500

Whole = Annotated[int, BeforeValidator(whole)]
NAME = {"type": "string", "minLength": 1, "maxLength": NAME_CHARACTERS, "pattern": NO_NUL}
VALUE = {"type": "string", "maxLength": MAX_VALUE_CHARACTERS, "pattern": NO_NUL}
Name = Annotated[str, Field(min_length=1, max_length=NAME_CHARACTERS), WithJsonSchema(NAME)]
Value = Annotated[str, Field(max_length=MAX_VALUE_CHARACTERS), WithJsonSchema(VALUE)]
# Left to itself, pydantic would let names hold what no name may.
ByName = Annotated[
    dict[Name, Value],
    Field(max_length=MAX_FILTERS),
    WithJsonSchema(
        {"type": "object", "maxProperties": MAX_FILTERS, "propertyNames": NAME, "additionalProperties": VALUE}
    ),
]


class ScoreQuery(Body):
    """How a stored lead is scored."""

    reasons: Whole = Field(SHOWN_REASONS, ge=0, le=MAX_REASONS, description="how many reasons, the strongest first")


class HistoryQuery(Body):
    """How much of a lead's history is given."""

    reasons: Whole | None = Field(
        None,
        ge=0,
        le=MAX_REASONS,
        description="how many reasons each score has, where its model is still kept; as many as it had when left out",
    )
    newest: Whole = Field(100, ge=1, le=MAX_SCORES, description="give so many of the newest scores")


class NoQuery(Body):
    """Nothing can be asked."""


class WorklistQuery(Body):
    """Which open leads are listed."""

    capacity: Whole = Field(50, ge=1, le=MAX_CAPACITY, description="how many leads sales can work")
    owner: Name | None = Field(None, description="only leads of this owner")
    sector: Value | None = Field(None, description="only leads whose attribute `sector` is this")
    source: Value | None = Field(None, description="only leads whose attribute `source` is this")
    attribute: ByName = Field(
        default_factory=dict,
        description="only leads with this attribute, as attribute[country]=ES; numbers as text, flags as true or false",
    )
    fit_grade: Literal["A", "B", "C", "D"] | None = None
    engagement_grade: Literal["1", "2", "3", "4"] | None = None
    segment: Annotated[Segment, Field(strict=False)] | None = None
