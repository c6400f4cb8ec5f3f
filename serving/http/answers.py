"""What the service answers, for its OpenAPI document; the answers themselves are written by orjson."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from features.attributes import Kind, Side
from serving.http.lead_body import MAX_LEADS, MAX_REASONS
from serving.model.grades import Segment

Probability = Annotated[float, Field(ge=0, le=1)]


class Answer(BaseModel):
    """No member but these."""

    model_config = ConfigDict(extra="forbid")


class FitAnswer(Answer):
    """Who the lead is."""

    points: float
    grade: Literal["A", "B", "C", "D"]


class EngagementAnswer(Answer):
    """What the lead did."""

    points: float
    grade: Literal["1", "2", "3", "4"]


class EvidenceAnswer(Answer):
    """Training leads with a value in the same range, and the share of them that became SQLs."""

    range: str
    leads: int = Field(ge=0)
    conversion_rate: Probability


class ReasonAnswer(Answer):
    """What one feature adds to the points."""

    feature: str
    label: str = Field(description="a phrase for people: 3 downloads in the last 30 days")
    value: float | str | None
    side: Side
    points: float
    evidence: EvidenceAnswer | None


class ScoreAnswer(Answer):
    """The score of a lead. fit.points + engagement.points = points; all reasons of a side add up to that side."""

    lead_id: str
    probability: Probability = Field(description="that the lead becomes an SQL within horizon_days of hand-over")
    score: int = Field(ge=0, le=100, description="of 100 such leads, so many become SQLs")
    points: float = Field(description="0 is the average training lead; each +20 doubles the odds")
    fit: FitAnswer
    engagement: EngagementAnswer
    segment: Segment
    reasons: list[ReasonAnswer] = Field(max_length=MAX_REASONS)
    warnings: list[str]
    model_version: str
    as_of: str = Field(json_schema_extra={"format": "date-time"})


class FieldProblem(Answer):
    """One thing wrong with the body."""

    pointer: str = Field(description="where, as a JSON pointer: #/events/3/type")
    detail: str


class Problem(Answer):
    """An error, as RFC 9457 problem details."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem] = []
    request_id: str | None = Field(None, description="leads to the line of the service's log")


class LeadProblem(Problem):
    """What is wrong with one lead of many, in the place of its score."""

    lead_id: str | None


class BatchAnswer(Answer):
    """An answer for each lead, in the order they were sent."""

    results: list[ScoreAnswer | LeadProblem] = Field(max_length=MAX_LEADS)
    model_version: str


class AttributeAnswer(Answer):
    """One attribute that the model reads."""

    name: str
    side: Side
    kind: Kind
    minimum: float | None
    maximum: float | None
    levels: list[str] | None = Field(description="of a category, the values with a weight of their own")


class ModelAnswer(Answer):
    """The model that scores, and what to send it."""

    version: str
    trained_at: str = Field(json_schema_extra={"format": "date-time"})
    horizon_days: int
    quality: dict[str, Any]
    attributes: list[AttributeAnswer]
    event_types: list[str]


class Health(Answer):
    """The process is up."""

    status: Literal["up"]


class Readiness(Answer):
    """A model is loaded."""

    status: Literal["ready"]
    model_version: str
    problem: str | None = Field(description="why a newer model may not be the one that scores")
    store: Literal["up", "down"] = Field(description="down: what needs the store gets 503, stateless scoring goes on")
