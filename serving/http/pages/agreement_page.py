"""The agreement, and each breach of it."""

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from fastapi import APIRouter, Request, Response
from pydantic import Field

from serving.http.pages.filter_query import FilterQuery, ListQuery
from serving.http.pages.framing import Options, Page, make_report, show
from serving.http.pages.readers import MaySee
from serving.http.pages.report_routes import REPORTS, add_report
from serving.http.query import read_query
from serving.http.service import CurrentService
from serving.pages.addresses import address
from serving.pages.wording.marked import N_
from serving.reports.agreement.breaches import Breaches, BreachState, breaches
from serving.reports.agreement.report import AgreementReport, agreement_report
from serving.reports.lead_filter import LeadFilter
from serving.reports.report import ReportContext

if TYPE_CHECKING:
    from serving.pages.wording.formats import Formats

PREVIEW = 10  # breaches on the agreement's own page

router = APIRouter()


class BreachQuery(ListQuery):
    """Which breaches are listed."""

    state: Literal["", "waiting", "late"] = Field(
        "", description="only leads that still wait, or that were worked late"
    )

    @property
    def breach_state(self) -> BreachState | None:
        """Give the state asked for."""
        return BreachState(self.state) if self.state else None


@router.get("/agreement", include_in_schema=False)
async def agreement_page(request: Request, visitor: MaySee, service: CurrentService) -> Response:
    """Show what was promised, and what came of it."""
    asked = read_query(request, FilterQuery).lead_filter()
    made = await make_report(service, partial(_with_newest, asked=asked), with_options=True)
    page = Page(
        "agreement.html",
        N_("Agreement"),
        partial(_fill_agreement, *made.report, made.options),
        data_address=address(f"{REPORTS}/agreement", asked),
        is_up_to_date=made.is_up_to_date,
    )
    return await show(request, service, visitor, page)


@router.get("/agreement/breaches", include_in_schema=False)
async def breaches_page(request: Request, visitor: MaySee, service: CurrentService) -> Response:
    """List the leads that were not worked in time."""
    query = read_query(request, BreachQuery)
    made = await make_report(service, partial(_listed, query=query), with_options=True)
    asked = {"state": query.state or None, "page": query.page, "rows": query.rows}
    page = Page(
        "breaches.html",
        N_("Leads not worked in time"),
        partial(_fill_breaches, made.report, made.options),
        data_address=address(f"{REPORTS}/breaches", query.lead_filter(), **asked),
        is_up_to_date=made.is_up_to_date,
    )
    return await show(request, service, visitor, page)


def _with_newest(context: ReportContext, asked: LeadFilter) -> tuple[AgreementReport, Breaches]:
    return agreement_report(context, asked), breaches(context, asked, state=None, page=1, rows=PREVIEW)


def _listed(context: ReportContext, query: BreachQuery) -> Breaches:
    return breaches(context, query.lead_filter(), query.breach_state, query.page, query.rows)


def _fill_agreement(
    report: AgreementReport, newest: Breaches, options: Options, formats: "Formats"
) -> Mapping[str, Any]:
    from serving.pages.agreement.view import agreement_view  # noqa: PLC0415 - the service starts quicker

    return {"page": agreement_view(report, newest, options, formats)}


def _fill_breaches(listed: Breaches, options: Options, formats: "Formats") -> Mapping[str, Any]:
    from serving.pages.agreement.breaches_view import breaches_view  # noqa: PLC0415 - the service starts quicker

    return {"page": breaches_view(listed, options, formats)}


add_report(
    router,
    "agreement",
    FilterQuery,
    lambda context, query: agreement_report(context, query.lead_filter()),
    summary="What marketing and sales promised each other, and what came of it, by week and owner",
)
add_report(
    router,
    "breaches",
    BreachQuery,
    _listed,
    summary="Each lead that sales did not work in time, those that still wait first",
)
