"""Fit against engagement, and the leads behind each of its numbers."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field, WithJsonSchema

from features.store.schema import CONTENT_CHARACTERS
from serving.http.lead_body import NO_NUL
from serving.http.pages.filter_query import MOST_ROWS, FilterQuery, ListQuery
from serving.http.pages.framing import Options, Page, make_report, show
from serving.http.pages.readers import MaySee
from serving.http.pages.report_routes import REPORTS, add_report
from serving.http.query import read_query
from serving.http.service import CurrentService
from serving.model.grades import Segment
from serving.pages.addresses import address
from serving.pages.wording.marked import N_
from serving.reports.grid.report import Grid, grid
from serving.reports.lead_filter import LeadFilter
from serving.reports.lead_list import LeadList, LeadsAsked, lead_list

if TYPE_CHECKING:
    from serving.pages.wording.formats import Formats

ReasonText = Annotated[
    str,
    Field(max_length=CONTENT_CHARACTERS),
    WithJsonSchema({"type": "string", "maxLength": CONTENT_CHARACTERS, "pattern": NO_NUL}),
]

router = APIRouter()


class LeadsQuery(ListQuery):
    """Which leads are listed."""

    fit_grade: Literal["A", "B", "C", "D"] | None = None
    engagement_grade: Literal["1", "2", "3", "4"] | None = None
    segment: Annotated[Segment, Field(strict=False)] | None = None
    outcome: Literal["open", "sql", "rejected", "recycled"] | None = Field(None, description="what sales decided last")
    reason: ReasonText | None = Field(None, description="only leads with this reason for what sales decided last")
    by_lot: Literal["yes"] | None = Field(None, description="only leads that the lot puts on worklists")

    def asked(self) -> LeadsAsked:
        """Give which leads that are."""
        return LeadsAsked(
            self.lead_filter(),
            self.fit_grade,
            self.engagement_grade,
            None if self.segment is None else self.segment.value,
            self.outcome,
            self.reason,
            self.by_lot is not None,
            self.page,
            self.rows,
        )


@router.get("/grid", include_in_schema=False)
async def grid_page(request: Request, visitor: MaySee, service: CurrentService) -> Response:
    """Show the grid."""
    asked = read_query(request, FilterQuery).lead_filter()
    made = await make_report(service, partial(grid, asked=asked), with_options=True)
    page = Page(
        "grid.html",
        N_("Fit and engagement"),
        partial(_fill_grid, made.report, asked, made.options),
        data_address=address(f"{REPORTS}/grid", asked),
        is_up_to_date=made.is_up_to_date,
    )
    return await show(request, service, visitor, page)


@router.get("/grid/leads", include_in_schema=False)
async def leads_page(request: Request, visitor: MaySee, service: CurrentService) -> Response:
    """List the leads behind a number."""
    asked = read_query(request, LeadsQuery).asked()
    made = await make_report(service, partial(lead_list, asked=asked))
    page = Page(
        "leads.html",
        N_("Leads"),
        partial(_fill_leads, made.report),
        data_address=address(f"{REPORTS}/leads", asked.asked, **asked.more, rows=MOST_ROWS),
        is_up_to_date=made.is_up_to_date,
    )
    return await show(request, service, visitor, page)


add_report(
    router,
    "grid",
    FilterQuery,
    lambda context, query: grid(context, query.lead_filter()),
    summary="Fit against engagement: what became of the leads of each pair of grades, and what was expected",
)
add_report(
    router,
    "leads",
    LeadsQuery,
    lambda context, query: lead_list(context, query.asked()),
    summary="The leads behind a number of the other reports, the newest hand-over first",
)


def _fill_grid(report: Grid, asked: LeadFilter, options: Options, formats: "Formats") -> Mapping[str, Any]:
    from serving.pages.grid_view import grid_view  # noqa: PLC0415 - the service starts quicker

    return {"page": grid_view(report, asked, options, formats)}


def _fill_leads(report: LeadList, formats: "Formats") -> Mapping[str, Any]:
    from serving.pages.leads_view import leads_view  # noqa: PLC0415 - the service starts quicker

    return {"page": leads_view(report, formats)}
