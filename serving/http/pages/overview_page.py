"""The overview."""

from functools import partial
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Request, Response

from serving.http.pages.framing import Page, make_report, show
from serving.http.pages.readers import MaySee
from serving.http.pages.report_routes import add_report
from serving.http.reading_queries import NoQuery
from serving.http.service import CurrentService
from serving.pages.wording.marked import N_
from serving.reports.overview.report import Overview, overview

if TYPE_CHECKING:
    from serving.pages.wording.formats import Formats

router = APIRouter()


@router.get("/overview", include_in_schema=False)
async def overview_page(request: Request, visitor: MaySee, service: CurrentService) -> Response:
    """Show this week in one look."""
    made = await make_report(service, overview)
    page = Page(
        "overview.html",
        N_("Overview"),
        partial(_fill, made.report),
        data_address="/v1/reports/overview",
        is_up_to_date=made.is_up_to_date,
    )
    return await show(request, service, visitor, page)


add_report(router, "overview", NoQuery, lambda context, _: overview(context), summary="This week in one look")


def _fill(report: Overview, formats: "Formats") -> dict[str, Any]:
    from serving.pages.overview_view import overview_view  # noqa: PLC0415 - the service starts quicker

    return {"page": overview_view(report, formats)}
