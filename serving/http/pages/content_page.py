"""The page on contents."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response
from pydantic import Field

from serving.http.pages.filter_query import FilterQuery, Part
from serving.http.pages.framing import Options, Page, make_report, show
from serving.http.pages.readers import MaySee
from serving.http.pages.report_routes import REPORTS, add_report
from serving.http.query import read_query
from serving.http.service import CurrentService, Service
from serving.pages.addresses import address
from serving.pages.wording.marked import N_
from serving.reports.content.report import ContentReport, content_report
from serving.reports.lead_filter import LeadFilter
from serving.reports.report import ReportContext

if TYPE_CHECKING:
    from serving.pages.wording.formats import Formats

HERE = "/content"

router = APIRouter()


class ContentQuery(FilterQuery):
    """Which contents are looked at, and of which leads."""

    kind: Part = Field(None, description="only contents that leads take by events of this type, as download")


@router.get(HERE, include_in_schema=False)
async def content_page(request: Request, visitor: MaySee, service: CurrentService) -> Response:
    """Show what leads took, and what became of them."""
    query = read_query(request, ContentQuery)
    made = await make_report(service, partial(_remembered, service=service, query=query), with_options=True)
    page = Page(
        "content.html",
        N_("Content"),
        partial(_fill, made.report, query.lead_filter(), made.options),
        data_address=address(f"{REPORTS}/content", query.lead_filter(), kind=query.kind),
        is_up_to_date=made.is_up_to_date,
    )
    return await show(request, service, visitor, page)


add_report(
    router,
    "content",
    ContentQuery,
    lambda context, query: content_report(context, query.lead_filter(), query.kind),
    summary="What leads took before they were handed over, and what became of them beside similar leads",
)


def _remembered(context: ReportContext, service: Service, query: ContentQuery) -> ContentReport:
    asked, kind = query.lead_filter(), query.kind
    return service.slow_reports.of((HERE, asked, kind), lambda: content_report(context, asked, kind))


def _fill(report: ContentReport, asked: LeadFilter, options: Options, formats: "Formats") -> Mapping[str, Any]:
    from serving.pages.content.view import content_view  # noqa: PLC0415 - the service starts quicker

    return {"page": content_view(HERE, asked, report, options, formats)}
