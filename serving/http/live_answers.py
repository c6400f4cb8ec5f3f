"""What writes into the live store are answered, for the OpenAPI document."""

from pydantic import Field

from serving.http.answers import Answer, Problem
from serving.http.live_bodies import MAX_STORED_EVENTS, OutcomeWord


class PutLeadAnswer(Answer):
    """The lead as it is now, attributes aside."""

    lead_id: str
    created: bool
    changed: bool = Field(description="something is known otherwise than before")
    changed_at: str = Field(json_schema_extra={"format": "date-time"})
    handed_over_at: str | None = Field(json_schema_extra={"format": "date-time"})
    owner: str | None
    warnings: list[str]


class EventProblem(Problem):
    """What is wrong with one event of many; `index` is its place, the first is 0."""

    index: int = Field(ge=0)
    event_id: str | None


class AddEventsAnswer(Answer):
    """What became of the events: each was added, had come before, or was refused with a problem of its own."""

    added: int = Field(ge=0)
    repeated: int = Field(ge=0)
    refused: int = Field(ge=0)
    problems: list[EventProblem] = Field(max_length=MAX_STORED_EVENTS)


class AddOutcomeAnswer(Answer):
    """Whether the decision is new; one that came before counts once."""

    lead_id: str
    outcome: OutcomeWord
    added: bool
