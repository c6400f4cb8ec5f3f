"""What the overview shows, ready to be written out."""

from collections.abc import Sequence
from dataclasses import dataclass

from serving.model.grades import Segment
from serving.pages.addresses import address
from serving.pages.charts.chart import Chart
from serving.pages.charts.rates import rates_chart
from serving.pages.grid_view import LEADS
from serving.pages.wording.formats import Formats
from serving.pages.wording.terms import verdict_word
from serving.reports.agreement.breaches import BreachState
from serving.reports.overview.attention import Matter, Notice
from serving.reports.overview.report import Overview

AGREEMENT, BREACHES, WORKLIST = "/agreement", "/agreement/breaches", "/worklist"
LEAST_CHARTED = 2  # matured weeks: one alone is told in words


@dataclass(frozen=True)
class NoticeView:
    """What needs attention, in a sentence, with the page where something can be done about it."""

    says: str
    address: str
    link: str


@dataclass(frozen=True)
class OverviewView:
    """The page. `verdict`: whether the scores of the last matured weeks held."""

    report: Overview
    notices: Sequence[NoticeView]
    verdict: str
    chart: Chart | None


def overview_view(report: Overview, f: Formats) -> OverviewView:
    """Make the page."""
    return OverviewView(
        report=report,
        notices=[_notice(each, f) for each in report.attention],
        verdict=verdict_word(report.matured.verdict(), f.words),
        chart=_chart(report, f),
    )


def _chart(report: Overview, f: Formats) -> Chart | None:
    rates = [(f.day(cohort.week), cohort.counted.scored_rate) for cohort in report.cohorts]
    if sum(bool(rate.leads) for _, rate in rates) < LEAST_CHARTED:
        return None
    says = f.words("The newest deliveries that have matured: the rate at which their leads became SQLs.")
    return rates_chart("cohorts", says, f.words("Week from"), rates, f)


def _notice(notice: Notice, f: Formats) -> NoticeView:
    match notice.matter:
        case Matter.BREACHES:
            return _breaches(notice, f)
        case Matter.GOLDEN_WAITING:
            return _golden_waiting(notice, f)
        case Matter.FEW_DELIVERED:
            says = f.words("The last delivery had %(leads)s of the %(promised)s leads that were promised.")
            told = {"leads": f.number(notice.leads), "promised": f.number(notice.promised)}
            return NoticeView(says % told, AGREEMENT, f.words("See the agreement"))
        case Matter.SURPRISE:
            return _surprise(notice, f)


def _breaches(notice: Notice, f: Formats) -> NoticeView:
    says = f.words.plural(
        "%(leads)s lead waits past the agreed hour; it was due %(since)s.",
        "%(leads)s leads wait past the agreed hour; the first was due %(since)s.",
        notice.leads,
    )
    told = {"leads": f.number(notice.leads), "since": f.moment(notice.since)}
    return NoticeView(says % told, address(BREACHES, state=BreachState.WAITING.value), f.words("See the agreement"))


def _golden_waiting(notice: Notice, f: Formats) -> NoticeView:
    says = f.words.plural(
        "%(leads)s golden lead waits for a first look, since %(since)s.",
        "%(leads)s golden leads wait for a first look, the first since %(since)s.",
        notice.leads,
    )
    told = {"leads": f.number(notice.leads), "since": f.moment(notice.since)}
    return NoticeView(says % told, address(WORKLIST, segment=Segment.GOLDEN.value), f.words("Open the worklist"))


def _surprise(notice: Notice, f: Formats) -> NoticeView:
    cell = notice.cell
    assert cell is not None, "a surprise is of a cell"
    rate = cell.counted.scored_rate
    says = f.words("Of %(leads)s judged in cell %(cell)s, %(sqls)s became SQLs; their scores had said %(expected)s.")
    told = {
        "leads": f.leads(rate.leads),
        "cell": cell.name,
        "sqls": f.number(rate.positives),
        "expected": f.number(rate.expected),
    }
    where = address(LEADS, fit_grade=cell.fit_grade, engagement_grade=cell.engagement_grade)
    return NoticeView(says % told, where, f.words("See its leads"))
