"""The page of a lead, and what sales says there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field
from sqlalchemy import Connection
from starlette.responses import RedirectResponse

from features.errors import UnknownLeadError
from features.store.fact_rules import FactRules
from features.store.facts import refresh_facts
from features.store.ledger import held_leads
from features.store.outcomes import add_outcome, mark_useful
from features.store.schema import ID_CHARACTERS
from serving.access import Role
from serving.http.lead_body import Body, Text
from serving.http.lead_id import LEAD_PATH, LeadId, read_lead_id
from serving.http.page_access import Visitor, shown_to
from serving.http.pages.framing import Page, make_report, show
from serving.http.pages.lead_forms import SentDecision, read_decision, read_useful
from serving.http.pages.readers import MaySee
from serving.http.pages.report_routes import REPORTS, add_report
from serving.http.service import CurrentService, Service
from serving.pages.addresses import address, lead_address
from serving.pages.wording.marked import N_
from serving.reports.lead.report import LeadReport, lead_report

if TYPE_CHECKING:
    from serving.pages.wording.formats import Formats

PATH = f"/leads{LEAD_PATH}"
DECIDING = Role.CRM

router = APIRouter()
MayDecide = Annotated[Visitor, Depends(shown_to(DECIDING))]


class LeadQuery(Body):
    """Which lead a report is of."""

    lead_id: Text = Field(min_length=1, max_length=ID_CHARACTERS, description="the lead's id")


@dataclass(frozen=True)
class _Said:
    """What sales sent from the page: what was saved, or what was wrong with it."""

    saved: str | None = None
    sent: Mapping[str, str] = field(default_factory=dict)
    mistakes: Sequence[str] = ()


@router.get(PATH, include_in_schema=False)
async def lead_page(request: Request, lead_id: LeadId, visitor: MaySee, service: CurrentService) -> Response:
    """Show a lead."""
    said = _Said(saved=request.query_params.get("saved"))
    return await _show(request, read_lead_id(lead_id), visitor, service, said)


@router.post(f"{PATH}/outcome", include_in_schema=False)
async def decide(request: Request, lead_id: LeadId, visitor: MayDecide, service: CurrentService) -> Response:
    """Keep what sales decided on a lead."""
    lead_id, now = read_lead_id(lead_id), service.now()
    sent = read_decision(visitor.form, now, ZoneInfo(service.settings.timezone))
    if sent.mistakes:
        return await _show(request, lead_id, visitor, service, _Said(sent=visitor.form, mistakes=sent.mistakes))
    work = partial(_decide, lead_id=lead_id, sent=sent, now=now, rules=service.settings.fact_rules)
    await service.store_work.write(work)
    return _back(lead_id, "decision")


@router.post(f"{PATH}/useful", include_in_schema=False)
async def useful(lead_id: LeadId, visitor: MayDecide, service: CurrentService) -> Response:
    """Keep which contents sales found useful with a lead."""
    lead_id, contents = read_lead_id(lead_id), read_useful(visitor.form)
    await service.store_work.write(partial(_mark, lead_id=lead_id, contents=contents, now=service.now()))
    return _back(lead_id, "useful")


add_report(
    router,
    "lead",
    LeadQuery,
    lambda context, query: lead_report(context, query.lead_id),
    summary="One lead: its score with all reasons, how that came to be, what happened and what sales said",
)


async def _show(request: Request, lead_id: str, visitor: Visitor, service: Service, said: _Said) -> Response:
    made = await make_report(service, partial(lead_report, lead_id=lead_id), with_options=True)
    page = Page(
        "lead.html",
        N_("Lead"),
        partial(_fill, made.report, made.options["reason"], visitor, said),
        data_address=address(f"{REPORTS}/lead", lead_id=lead_id),
        is_up_to_date=made.is_up_to_date,
        status=422 if said.mistakes else 200,
    )
    return await show(request, service, visitor, page)


def _fill(
    report: LeadReport, codes: Sequence[str], visitor: Visitor, said: _Said, formats: "Formats"
) -> Mapping[str, Any]:
    from serving.pages.lead.decision_form import decision_form  # noqa: PLC0415 - the service starts quicker
    from serving.pages.lead.view import lead_view  # noqa: PLC0415

    form = None
    if DECIDING in visitor.caller.roles and report.lead.handed_over_at is not None:
        form = decision_form(
            visitor.form_token, codes, report.now, formats.zone, formats.words, sent=said.sent, mistakes=said.mistakes
        )
    return {"page": lead_view(report, form, said.saved, formats)}


def _decide(connection: Connection, lead_id: str, sent: SentDecision, now: datetime, rules: FactRules) -> None:
    add_outcome(
        connection,
        lead_id,
        sent.outcome,
        reason=sent.reason,
        decided_at=now,
        first_touch_at=sent.first_touch_at,
        useful_content=(),
        now=now,
    )
    refresh_facts(connection, [lead_id], rules)


def _mark(connection: Connection, lead_id: str, contents: Sequence[str], now: datetime) -> None:
    if not held_leads(connection, [lead_id]):
        raise UnknownLeadError(lead_id)
    mark_useful(connection, lead_id, contents, now)


def _back(lead_id: str, saved: str) -> Response:
    return RedirectResponse(f"{lead_address(lead_id)}?saved={saved}", 303)
