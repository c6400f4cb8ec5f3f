"""What those who read stored leads are answered, for the OpenAPI document."""

from typing import Annotated, Any, Literal

from pydantic import Field

from serving.http.answers import Answer, EngagementAnswer, FitAnswer, Probability, ReasonAnswer
from serving.http.live_bodies import OutcomeWord
from serving.model.grades import Segment

MomentAnswer = Annotated[str, Field(json_schema_extra={"format": "date-time"})]
Attributes = dict[str, str | float | bool | None]


class LedgerScoreAnswer(Answer):
    """A score as the ledger keeps it: what left the service, when, and why."""

    as_of: MomentAnswer
    recorded_at: MomentAnswer
    trigger: Literal["request", "hand_over", "rescore", "past"]
    at_hand_over: bool
    model_version: str
    probability: Probability
    score: int = Field(ge=0, le=100)
    points: float
    fit: FitAnswer
    engagement: EngagementAnswer
    segment: Segment
    reasons: list[ReasonAnswer]


class ChangeAnswer(Answer):
    """What changed since the score before, in points; data, time, model and unexplained add up to points."""

    points: float
    data: float = Field(description="what became known of the lead")
    time: float = Field(description="the lead grew older")
    model: float = Field(description="another model scores")
    unexplained: float = Field(description="not to be told apart: the models of both scores are no longer at hand")


class HistoryScoreAnswer(LedgerScoreAnswer):
    """A score of the ledger, and what changed since the one before; null where there is none before."""

    change: ChangeAnswer | None


class HistoryAnswer(Answer):
    """A lead's scores, the oldest first."""

    lead_id: str
    scores: list[HistoryScoreAnswer]


class ListedAnswer(LedgerScoreAnswer):
    """A lead of the worklist."""

    lead_id: str
    owner: str | None
    handed_over_at: MomentAnswer
    age_days: float = Field(description="since hand-over")
    due_at: MomentAnswer | None = Field(description="when sales is to have looked at it, where that is agreed")
    first_touch_at: MomentAnswer | None
    exploration: bool = Field(description="drawn by lot, not for its score")


class WorklistAnswer(Answer):
    """The open leads to work, best first, those drawn by lot last."""

    leads: list[ListedAnswer]
    expected_sqls: float = Field(ge=0, description="how many of the listed leads will become SQLs")
    share_of_sqls: Probability | None = Field(description="that, of all SQLs to expect from the open leads asked for")
    open_leads: int = Field(ge=0, description="how many open leads were asked for")
    unscored: int = Field(ge=0, description="how many of them have no score yet, and so are not listed")
    exploration: Probability = Field(description="the share of places that are drawn by lot")


class LeadAnswer(Answer):
    """A lead as it is now."""

    lead_id: str
    attributes: Attributes
    handed_over_at: MomentAnswer | None
    owner: str | None
    created_at: MomentAnswer
    changed_at: MomentAnswer
    outcome: OutcomeWord | None
    decided_at: MomentAnswer | None
    first_touch_at: MomentAnswer | None


class LeadChangeAnswer(Answer):
    """What was known of the lead from a moment on."""

    changed_at: MomentAnswer
    attributes: Attributes
    handed_over_at: MomentAnswer | None
    owner: str | None


class PersonAnswer(Answer):
    """Everything that is held of a lead."""

    lead: LeadAnswer
    changes: list[LeadChangeAnswer]
    events: list[dict[str, Any]]
    outcomes: list[dict[str, Any]]
    useful_contents: list[dict[str, Any]]
    scores: list[dict[str, Any]] = Field(description="as in the history, with the feature values they came from")
    told: list[dict[str, Any]] = Field(description="what was announced of the lead to other systems")
    answers: list[dict[str, Any]] = Field(description="calls that spoke of the lead, whose answers are kept for a day")
    audit: list[dict[str, Any]] = Field(description="lines of the audit log that name the lead")


class ErasedAnswer(Answer):
    """The lead is erased."""

    erased: Literal[True]
    erased_at: MomentAnswer
