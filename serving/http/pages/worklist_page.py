"""The worklist."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from serving.http.pages.filter_query import FilterQuery
from serving.http.pages.framing import Options, Page, make_report, show
from serving.http.pages.readers import MaySee
from serving.http.pages.report_routes import REPORTS, add_report
from serving.http.query import read_query
from serving.http.reading_queries import MAX_CAPACITY, Whole
from serving.http.service import CurrentService
from serving.pages.addresses import address
from serving.pages.wording.marked import N_
from serving.reports.worklist import CAPACITY, WorklistAsked, WorklistReport, worklist_report

if TYPE_CHECKING:
    from serving.pages.wording.formats import Formats

router = APIRouter()


class WorklistPageQuery(FilterQuery):
    """Which open leads are listed, and how many."""

    capacity: Whole = Field(CAPACITY, ge=1, le=MAX_CAPACITY, description="how many leads sales can work")
    fit_grade: Literal["", "A", "B", "C", "D"] = Field("", description="only leads of this fit")
    engagement_grade: Literal["", "1", "2", "3", "4"] = Field("", description="only leads of this engagement")
    segment: Literal["", "golden", "nurture", "curious", "park"] = Field("", description="only leads of this segment")

    @property
    def asked(self) -> WorklistAsked:
        """Give what is asked."""
        return WorklistAsked(
            capacity=self.capacity,
            asked=self.lead_filter(),
            fit_grade=self.fit_grade or None,
            engagement_grade=self.engagement_grade or None,
            segment=self.segment or None,
        )


@router.get("/worklist", include_in_schema=False)
async def worklist_page(request: Request, visitor: MaySee, service: CurrentService) -> Response:
    """Show the open leads to work next."""
    asked = read_query(request, WorklistPageQuery).asked
    made = await make_report(service, partial(worklist_report, asked=asked), with_options=True)
    page = Page(
        "worklist.html",
        N_("Worklist"),
        partial(_fill, made.report, made.options),
        data_address=address(f"{REPORTS}/worklist", asked.asked, **asked.grades, capacity=asked.capacity),
        is_up_to_date=made.is_up_to_date,
    )
    return await show(request, service, visitor, page)


add_report(
    router,
    "worklist",
    WorklistPageQuery,
    lambda context, query: worklist_report(context, query.asked),
    summary="The open leads to work next, and what working so many of them is worth",
)


def _fill(report: WorklistReport, options: Options, formats: "Formats") -> Mapping[str, Any]:
    from serving.pages.worklist_view import worklist_view  # noqa: PLC0415 - the service starts quicker

    return {"page": worklist_view(report, options, formats)}
