"""The week for those who do not open the pages: what stands on each of them, in short."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from serving.reports.agreement.report import AgreementReport, agreement_report
from serving.reports.content.report import ContentReport, content_report
from serving.reports.grid.report import Grid, grid
from serving.reports.lead_filter import LeadFilter
from serving.reports.overview.report import Overview, overview
from serving.reports.rejections import Rejections, rejections
from serving.reports.report import ReportContext
from serving.reports.worklist import WorklistAsked, WorklistReport, worklist_report

EVERYTHING = LeadFilter()
LISTED = 10  # leads of the worklist
REJECTED_WEEKS = 4  # back to which rejections are looked at: of one week there are few


@dataclass(frozen=True)
class Digest:
    """The reports of the week."""

    overview: Overview
    agreement: AgreementReport
    grid: Grid
    worklist: WorklistReport
    rejections: Rejections
    content: ContentReport

    def to_json(self) -> dict[str, Any]:
        """Give the digest as plain JSON values."""
        return {name: getattr(self, name).to_json() for name in self.__dataclass_fields__}


def digest(context: ReportContext) -> Digest:
    """Make the reports of the week in which `context.now` is."""
    today = context.now.astimezone(context.rules.agreement.zone).date()
    lately = LeadFilter(since=today - timedelta(weeks=REJECTED_WEEKS))
    return Digest(
        overview=overview(context),
        agreement=agreement_report(context, EVERYTHING),
        grid=grid(context, EVERYTHING),
        worklist=worklist_report(context, WorklistAsked(capacity=LISTED)),
        rejections=rejections(context, lately),
        content=content_report(context, EVERYTHING),
    )
