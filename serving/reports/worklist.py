"""The open leads to work next, and what working so many of them is worth."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from features.store.worklist import WorklistFilter
from serving.live.as_json import worklist_json
from serving.live.worklist import Listed, Worklist, make_worklist
from serving.model.points import signed
from serving.reports.lead_filter import LeadFilter
from serving.reports.report import Cell, ReportContext, Table

NOTHING = LeadFilter()
CAPACITY = 50
COMPARED = (10, 25, 50, 100, 200)  # capacities to choose from
COLUMNS = (
    "place",
    "lead_id",
    "owner",
    "handed_over_at",
    "due_at",
    "first_touch_at",
    "score",
    "probability",
    "points",
    "fit_grade",
    "engagement_grade",
    "segment",
    "by_lot",
    "reasons",
    "as_of",
    "model_version",
)


@dataclass(frozen=True)
class WorklistAsked:
    """Which open leads to list, and how many; what is None is not asked for."""

    capacity: int = CAPACITY
    asked: LeadFilter = NOTHING
    fit_grade: str | None = None
    engagement_grade: str | None = None
    segment: str | None = None

    @property
    def grades(self) -> dict[str, str | None]:
        """Give what is asked of the newest score."""
        return {
            "fit_grade": self.fit_grade,
            "engagement_grade": self.engagement_grade,
            "segment": self.segment,
        }


@dataclass(frozen=True)
class WorklistReport:
    """The list as of `now`. `exploration`: the share of its places that are drawn by lot, 0 to 1."""

    asked: WorklistAsked
    now: datetime
    exploration: float
    worklist: Worklist

    def to_json(self) -> dict[str, Any]:
        """Give the report as plain JSON values."""
        asked = {"filter": self.asked.asked.to_json() | self.asked.grades, "capacity": self.asked.capacity}
        compared = [asdict(each) for each in self.worklist.compared]
        return asked | worklist_json(self.worklist, self.exploration, self.now) | {"compared": compared}

    def table(self) -> Table:
        """Give the leads in their order, a row each."""
        return Table(COLUMNS, [_row(at, each) for at, each in enumerate(self.worklist.leads, 1)])


def worklist_report(context: ReportContext, asked: WorklistAsked) -> WorklistReport:
    """List the open leads to work next, by their newest score in the ledger."""
    wanted = WorklistFilter(
        fit_grade=asked.fit_grade,
        engagement_grade=asked.engagement_grade,
        segment=asked.segment,
        facts=asked.asked.conditions(context.rules.agreement.zone),
    )
    made = make_worklist(context.connection, wanted, asked.capacity, context.exploration, COMPARED)
    return WorklistReport(asked, context.now, context.exploration, made)


def _row(place: int, listed: Listed) -> list[Cell]:
    lead, score = listed.lead, listed.lead.score
    return [
        place,
        score.lead_id,
        lead.owner,
        lead.handed_over_at,
        lead.due_at,
        lead.first_touch_at,
        round(100 * score.probability),
        score.probability,
        score.points,
        score.fit_grade,
        score.engagement_grade,
        score.segment,
        listed.exploration,
        "; ".join(f"{reason['label']}: {signed(reason['points'])}" for reason in score.reasons),
        score.as_of,
        score.model_version,
    ]
