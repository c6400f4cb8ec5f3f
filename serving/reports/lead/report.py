"""One lead: who it is, what happened, its score with all reasons, how that came to be, and what sales said.

The score is the newest of the ledger, the one that the worklist ranks by: reading neither computes nor writes one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from features.errors import UnknownLeadError
from features.exploration import draw_of
from features.store.events import StoredEvent, events_of
from features.store.leads import StoredLead, changes_of, find_lead
from features.store.ledger import StoredScore, newest_scores, scores_of
from features.store.outcomes import outcomes_of, useful_contents_of
from serving.live.as_json import lead_json
from serving.live.history import ModelOf
from serving.reports.lead.score import ScoreShown, shown_score
from serving.reports.lead.steps import Step, lead_steps
from serving.reports.lead.timeline import Timeline, timeline
from serving.reports.report import Cell, ReportContext, Table
from serving.values.times import write_moment

SHOWN_SCORES = 400  # in the course: a year of nights, and some
SHOWN_CONTENTS = 50
COLUMNS = (
    "as_of",
    "recorded_at",
    "trigger",
    "at_hand_over",
    "model_version",
    "score",
    "probability",
    "points",
    "fit_points",
    "fit_grade",
    "engagement_points",
    "engagement_grade",
    "segment",
    "change_points",
    "change_by_data",
    "change_by_time",
    "change_by_model",
    "change_unexplained",
)


@dataclass(frozen=True)
class TakenContent:
    """A content that the lead took, when it last did, and whether sales found it useful."""

    name: str
    last_at: datetime
    is_useful: bool


@dataclass(frozen=True)
class LeadReport:
    """All that the page of a lead tells, as of `now`.

    due_at: when sales is to have looked at it; None where nothing is agreed. by_lot: the lot chose it for worklists.
    score: the newest of the ledger. course: the scores in order of time. steps: the newest, and what changed. contents:
    what it took, the newest first.
    """

    now: datetime
    lead: StoredLead
    due_at: datetime | None
    by_lot: bool
    score: ScoreShown | None
    course: Sequence[StoredScore]
    steps: Sequence[Step]
    timeline: Timeline
    contents: Sequence[TakenContent]
    reason: str | None

    @property
    def is_open(self) -> bool:
        """Say whether it waits for a decision of sales."""
        return self.lead.is_open

    @property
    def is_overdue(self) -> bool:
        """Say whether sales was to have looked at it by now, and neither touched nor decided on it."""
        return self.lead.is_waiting and self.due_at is not None and self.due_at < self.now

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        return {
            "lead": lead_json(self.lead),
            "reason": self.reason,
            "due_at": self.due_at and write_moment(self.due_at),
            "is_open": self.is_open,
            "is_overdue": self.is_overdue,
            "by_lot": self.by_lot,
            "score": None if self.score is None else self.score.to_json(),
            "steps": [each.to_json() for each in self.steps],
            "timeline": self.timeline.to_json(),
            "contents": [_content_json(each) for each in self.contents],
        }

    def table(self) -> Table:
        """Give the newest scores, the newest first, and what changed, a row each."""
        return Table(COLUMNS, [_row(each) for each in self.steps])


def lead_report(context: ReportContext, lead_id: str) -> LeadReport:
    """Tell everything about a lead. Raises UnknownLeadError for one that is not there, or was erased."""
    connection = context.connection
    lead = find_lead(connection, lead_id)
    if lead is None:
        raise UnknownLeadError(lead_id)
    events, outcomes = events_of(connection, lead_id), outcomes_of(connection, lead_id)
    agreement = context.rules.agreement
    return LeadReport(
        now=context.now,
        lead=lead,
        due_at=None if lead.handed_over_at is None else agreement.due_at(lead.handed_over_at),
        by_lot=draw_of(lead_id) < context.exploration,
        score=_score(connection, lead_id, context.model_of),
        course=scores_of(connection, lead_id, SHOWN_SCORES),
        steps=lead_steps(connection, lead_id, context.model_of),
        timeline=timeline(lead, events, changes_of(connection, lead_id), outcomes, agreement.zone),
        contents=_contents(events, set(useful_contents_of(connection, lead_id))),
        reason=outcomes[-1].reason if outcomes else None,
    )


def _score(connection: Connection, lead_id: str, model_of: ModelOf) -> ScoreShown | None:
    stored = newest_scores(connection, [lead_id]).get(lead_id)
    return None if stored is None else shown_score(stored, model_of(stored.model_version))


def _contents(events: Sequence[StoredEvent], useful: set[str]) -> list[TakenContent]:
    last = {event.content: event.occurred_at for event in events if event.content is not None}
    newest_first = sorted(last.items(), key=lambda each: (-each[1].timestamp(), each[0]))
    return [TakenContent(name, moment, name in useful) for name, moment in newest_first[:SHOWN_CONTENTS]]


def _content_json(content: TakenContent) -> dict[str, Any]:
    return {"content": content.name, "last_at": write_moment(content.last_at), "is_useful": content.is_useful}


def _row(step: Step) -> list[Cell]:
    score, change = step.score, step.change
    parts = ("points", "data", "time", "model", "unexplained")
    return [
        score.as_of,
        score.recorded_at,
        score.trigger,
        score.at_hand_over,
        score.model_version,
        round(100 * score.probability),
        score.probability,
        score.points,
        score.fit_points,
        score.fit_grade,
        score.engagement_points,
        score.engagement_grade,
        score.segment,
        *(None if change is None else getattr(change, part) for part in parts),
    ]
