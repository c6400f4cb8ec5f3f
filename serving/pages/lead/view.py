"""What the page of a lead shows, ready to be written out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from features.words import words as plain_words
from serving.pages.addresses import lead_address
from serving.pages.charts.chart import Chart
from serving.pages.lead.bars import SideBars, side_bars
from serving.pages.lead.chart import score_chart
from serving.pages.lead.decision_form import DecisionForm
from serving.pages.wording.formats import Formats
from serving.pages.wording.marked import N_
from serving.pages.wording.terms import outcome_word, reason_word, segment_word
from serving.reports.lead.report import LeadReport
from serving.reports.lead.score import ScoreShown
from serving.reports.lead.steps import Step
from serving.reports.lead.timeline import Happening, Kind

SAVED = {"decision": N_("Your decision is saved."), "useful": N_("Saved, thank you: marketing sees what helped.")}
TRIGGERS = {
    "hand_over": N_("at its hand-over"),
    "past": N_("as of its hand-over, later"),
    "rescore": N_("all open leads were scored anew"),
    "request": N_("somebody asked"),
}
CHANGES = {
    "data": N_("what became known of it"),
    "time": N_("time passed"),
    "model": N_("another model version"),
    "unexplained": N_("cannot be told apart any more"),
}
LEAST_POINTS = 0.05  # less is shown as nothing


@dataclass(frozen=True)
class ScoreView:
    """The score, taken apart. `odds`: against those of the average lead; `average`: the score of that, where known."""

    shown: ScoreShown
    score: int
    segment: str
    points: str
    odds: str
    average: str
    sides: Sequence[SideBars]


@dataclass(frozen=True)
class StepView:
    """A score of the past. `changed`: points since the one before; `parts`: of what they are, in words with points."""

    step: Step
    score: int
    trigger: str
    changed: str
    parts: Sequence[tuple[str, str]]
    did: str


@dataclass(frozen=True)
class HappeningView:
    """One line of the timeline; `is_marked`: something between marketing and sales, not of the lead's own doing."""

    at: datetime
    says: str
    detail: str
    is_marked: bool


@dataclass(frozen=True)
class LeadPage:
    """The page. `form`: None for those who may not decide. `saved`: what was just saved, in words."""

    report: LeadReport
    address: str
    status: str
    score: ScoreView | None
    attributes: Sequence[tuple[str, str]]
    form: DecisionForm | None
    chart: Chart | None
    steps: Sequence[StepView]
    happenings: Sequence[HappeningView]
    earlier: str
    saved: str


def lead_view(report: LeadReport, form: DecisionForm | None, saved: str | None, f: Formats) -> LeadPage:
    """Give the page for a reader."""
    earlier = report.timeline.earlier
    said = f.words.plural("%(count)s older entry is not shown.", "%(count)s older entries are not shown.", earlier)
    return LeadPage(
        report=report,
        address=lead_address(report.lead.lead_id),
        status=_status(report, f),
        score=None if report.score is None else _score(report.score, f),
        attributes=[(plain_words(name), _value(value, f)) for name, value in sorted(report.lead.attributes.items())],
        form=form,
        chart=score_chart(report.course, f),
        steps=[_step(each, f) for each in report.steps],
        happenings=[_happening(each, f) for each in report.timeline.happenings],
        earlier=said % {"count": f.number(earlier)} if earlier else "",
        saved=f.words(SAVED[saved]) if saved in SAVED else "",
    )


def _score(shown: ScoreShown, f: Formats) -> ScoreView:
    return ScoreView(
        shown=shown,
        score=round(100 * shown.score.probability),
        segment=segment_word(shown.score.segment, f.words),
        points=f.signed(shown.points, 1),
        odds=f.number(shown.odds, 1 if shown.odds >= 1 else 2),
        average="" if shown.average is None else f.number(100 * shown.average),
        sides=side_bars(shown, f),
    )


def _status(report: LeadReport, f: Formats) -> str:
    lead = report.lead
    if lead.handed_over_at is None:
        return f.words("Not handed over to sales yet.")
    if not report.is_open:
        decided = {"day": f.date(lead.decided_at), "outcome": outcome_word(lead.outcome, f.words)}
        if report.reason:
            reason = reason_word(report.reason, f.words)
            return f.words("Sales decided on %(day)s: %(outcome)s (%(reason)s).") % (decided | {"reason": reason})
        return f.words("Sales decided on %(day)s: %(outcome)s.") % decided
    if report.is_overdue:
        return f.words("Open, and overdue since %(moment)s.") % {"moment": f.moment(report.due_at)}
    if report.due_at is not None and lead.is_waiting:
        return f.words("Open; sales is to look at it by %(moment)s.") % {"moment": f.moment(report.due_at)}
    return f.words("Open; sales has not decided yet.")


def _step(step: Step, f: Formats) -> StepView:
    change = step.change
    found = [] if change is None else [(f.words(says), getattr(change, name)) for name, says in CHANGES.items()]
    did = [f"{plain_words(kind)} × {f.number(count)}" for kind, count in step.did.items()]
    return StepView(
        step=step,
        score=round(100 * step.score.probability),
        trigger=f.words(TRIGGERS[step.score.trigger]),
        changed="" if change is None else f.signed(change.points, 1),
        parts=[(says, f.signed(points, 1)) for says, points in found if abs(points) >= LEAST_POINTS],
        did=", ".join([*did, *map(plain_words, step.attributes)]),
    )


def _happening(each: Happening, f: Formats) -> HappeningView:
    says, detail = _said(each, f)
    return HappeningView(each.at, says, detail, each.kind not in {Kind.EVENT, Kind.CHANGED})


def _said(each: Happening, f: Formats) -> tuple[str, str]:
    words = f.words
    match each.kind:
        case Kind.EVENT:
            what = plain_words(each.what or "")
            return (what if each.count == 1 else f"{what} × {f.number(each.count)}"), each.detail or ""
        case Kind.HANDED_OVER:
            return words("handed over to sales"), ""
        case Kind.TOUCHED:
            return words("first contacted by sales"), ""
        case Kind.DECIDED:
            outcome = words("decision of sales: %(outcome)s") % {"outcome": outcome_word(each.what, words)}
            return outcome, reason_word(each.detail, words) if each.detail else ""
    what = words("Owner") if each.what is None else plain_words(each.what)
    named = {"before": each.before or "–", "after": each.detail or "–"}
    return words("%(what)s changed") % {"what": what}, words("%(before)s, now %(after)s") % named


def _value(value: Any, f: Formats) -> str:
    match value:
        case bool():
            return f.words("yes") if value else f.words("no")
        case int() | float():
            return f.number(value, 0 if value == round(value) else 2)
    return str(value)
