"""Why sales rejects leads."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from serving.http.pages.filter_query import FilterQuery
from serving.http.pages.framing import Options, Page, make_report, show
from serving.http.pages.readers import MaySee
from serving.http.pages.report_routes import REPORTS, add_report
from serving.http.query import read_query
from serving.http.service import CurrentService
from serving.pages.addresses import address
from serving.pages.wording.marked import N_
from serving.reports.lead_filter import LeadFilter
from serving.reports.rejections import Rejections, rejections

if TYPE_CHECKING:
    from serving.pages.wording.formats import Formats


router = APIRouter()


@router.get("/rejections", include_in_schema=False)
async def rejections_page(request: Request, visitor: MaySee, service: CurrentService) -> Response:
    """Show what sales rejected, and why."""
    asked = read_query(request, FilterQuery).lead_filter()
    made = await make_report(service, partial(rejections, asked=asked), with_options=True)
    page = Page(
        "rejections.html",
        N_("Rejections"),
        partial(_fill, made.report, asked, made.options),
        data_address=address(f"{REPORTS}/rejections", asked),
        is_up_to_date=made.is_up_to_date,
    )
    return await show(request, service, visitor, page)


add_report(
    router,
    "rejections",
    FilterQuery,
    lambda context, query: rejections(context, query.lead_filter()),
    summary="Why sales rejects leads, by source, campaign, cell and owner",
)


def _fill(report: Rejections, asked: LeadFilter, options: Options, formats: "Formats") -> Mapping[str, Any]:
    from serving.pages.rejections_view import rejections_view  # noqa: PLC0415 - the service starts quicker

    return {"page": rejections_view(report, asked, options, formats)}
