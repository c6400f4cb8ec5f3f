"""What the worklist's page shows, ready to be written out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from serving.live.worklist import Listed, Worth
from serving.model.grades import ENGAGEMENT_GRADES, FIT_GRADES, SEGMENTS
from serving.pages.addresses import address, lead_address
from serving.pages.filters import FilterForm, filter_form
from serving.pages.wording.formats import Formats
from serving.pages.wording.reason_words import say_reason
from serving.pages.wording.terms import segment_word
from serving.reports.worklist import WorklistReport

PATH = "/worklist"


@dataclass(frozen=True)
class ReasonShown:
    """A reason in words, with its signed points; `adds`: whether it speaks for the lead."""

    says: str
    points: str
    adds: bool


@dataclass(frozen=True)
class WorklistRow:
    """A lead of the list. `address`: of its page. `score`: 0 to 100."""

    place: int
    listed: Listed
    address: str
    score: int
    segment: str
    age: str
    is_overdue: bool
    reasons: Sequence[ReasonShown]


@dataclass(frozen=True)
class CapacityShown:
    """What another capacity is worth, and where its list is."""

    worth: Worth
    address: str
    is_chosen: bool


@dataclass(frozen=True)
class WorklistPage:
    """The page. `segments`: name and word. `drawn`: how many of the leads are there by lot."""

    report: WorklistReport
    form: FilterForm
    fit_grades: Sequence[str]
    engagement_grades: Sequence[str]
    segments: Sequence[tuple[str, str]]
    capacities: Sequence[CapacityShown]
    rows: Sequence[WorklistRow]
    drawn: int
    is_filtered: bool


def worklist_view(report: WorklistReport, options: Mapping[str, Sequence[str]], f: Formats) -> WorklistPage:
    """Give the page for a reader."""
    asked, made = report.asked, report.worklist
    is_filtered = not asked.asked.is_empty or any(asked.grades.values())
    return WorklistPage(
        report=report,
        form=replace(filter_form(PATH, asked.asked, options, f.words), is_filtered=is_filtered),
        fit_grades=FIT_GRADES,
        engagement_grades=ENGAGEMENT_GRADES,
        segments=[(segment.value, segment_word(segment.value, f.words)) for segment in SEGMENTS],
        capacities=[
            CapacityShown(
                each,
                address(PATH, asked.asked, **asked.grades, capacity=each.capacity),
                each.capacity == asked.capacity,
            )
            for each in made.compared
        ],
        rows=[_row(at, each, report, f) for at, each in enumerate(made.leads, 1)],
        drawn=sum(each.exploration for each in made.leads),
        is_filtered=is_filtered,
    )


def shown_reasons(reasons: Sequence[Mapping[str, object]], f: Formats) -> list[ReasonShown]:
    """Give a score's reasons for a reader."""
    return [ReasonShown(say_reason(each, f), f.points(_points(each)), _points(each) > 0) for each in reasons]


def _row(place: int, listed: Listed, report: WorklistReport, f: Formats) -> WorklistRow:
    lead = listed.lead
    return WorklistRow(
        place=place,
        listed=listed,
        address=lead_address(lead.score.lead_id),
        score=round(100 * lead.score.probability),
        segment=segment_word(lead.score.segment, f.words),
        age=f.age(lead.handed_over_at, report.now),
        is_overdue=lead.first_touch_at is None and lead.due_at is not None and lead.due_at < report.now,
        reasons=shown_reasons(lead.score.reasons, f),
    )


def _points(reason: Mapping[str, object]) -> float:
    points = reason["points"]
    assert isinstance(points, int | float)
    return points
