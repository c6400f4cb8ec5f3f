"""What a caller sends to have leads scored: the shape; `serving.http.intake` reads the meaning."""

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from features.cell_values import LARGEST

MAX_EVENTS = 5_000
MAX_LEADS = 1_000
MAX_REASONS = 100

NO_NUL = "^[^\\u0000]*$"
SCALAR = {
    "anyOf": [
        {"type": "string", "maxLength": 500, "pattern": NO_NUL},
        {"type": "number", "minimum": -LARGEST, "maximum": LARGEST},
        {"type": "boolean"},
        {"type": "null"},
    ]
}
BY_NAME = {"type": "object", "propertyNames": {"pattern": NO_NUL}, "additionalProperties": SCALAR}

Text = Annotated[str, Field(json_schema_extra={"pattern": NO_NUL})]
Moment = Annotated[str, Field(max_length=64, json_schema_extra={"format": "date-time"})]
# The kinds are the model's and change with it, so values are read by AttributeReader.
Attributes = Annotated[dict[str, Any], WithJsonSchema(BY_NAME)]


class Body(BaseModel):
    """Strict: no member more, no value of another type."""

    model_config = ConfigDict(strict=True, extra="forbid", frozen=True, allow_inf_nan=False)


class EventBody(Body):
    """One thing the lead did."""

    type: Text = Field(min_length=1, max_length=100, description="what it was, as in training: page_view, download ...")
    occurred_at: Moment = Field(description="when, with the zone")
    content: Text | None = Field(None, max_length=500, description="which page, offer or asset")


class ScoreRequest(Body):
    """One lead, everything about it in the request; nothing is stored."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "lead_id": "42",
                    "attributes": {},
                    "events": [{"type": "download", "occurred_at": "2026-03-01T10:00:00Z", "content": "guide-3"}],
                    "as_of": None,
                    "reasons": 3,
                }
            ]
        }
    )

    lead_id: Text = Field(min_length=1, max_length=200)
    attributes: Attributes = Field(
        default_factory=dict,
        description=(
            "by the names that GET /v1/model lists: a number; a category as text or a whole number; a flag as true or "
            "false (or yes or no); a date as 2026-03-01 or a time with its zone; null or left out where unknown"
        ),
    )
    events: list[EventBody] = Field(default_factory=list, max_length=MAX_EVENTS)
    as_of: Moment | None = Field(None, description="score as of this moment; now where left out")
    reasons: int = Field(3, ge=0, le=MAX_REASONS, description="how many reasons to give, the strongest first")


class BatchRequest(Body):
    """Up to 1,000 leads."""

    leads: list[ScoreRequest] = Field(max_length=MAX_LEADS)
