"""The model page, and the wish to roll back that can be sent from it."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Connection
from starlette.responses import RedirectResponse

from features.store.audit import Action, note
from features.store.model_requests import ask_for_rollback
from features.store.model_versions import Status, all_versions
from serving.access import Role
from serving.http.page_access import Visitor, shown_to
from serving.http.pages.framing import Page, make_report, show
from serving.http.pages.readers import MaySee
from serving.http.pages.report_routes import REPORTS, add_report
from serving.http.problems import ProblemError
from serving.http.reading_queries import NoQuery
from serving.http.service import CurrentService, Service
from serving.pages.wording.marked import N_
from serving.reports.model.report import model_report

MODEL = "/model"
NO_REASON = "asked for on the page"

router = APIRouter()
MayRollBack = Annotated[Visitor, Depends(shown_to(Role.SCIENTIST))]


@router.get(MODEL, include_in_schema=False)
async def model_page(request: Request, visitor: MaySee, service: CurrentService) -> Response:
    """Show how good the model is, what moves a score, and what changed."""
    from serving.pages.model.view import model_page as shown  # noqa: PLC0415 - the service starts quicker without

    made = await make_report(service, model_report)
    may = Role.SCIENTIST in visitor.caller.roles
    page = Page(
        "model.html",
        N_("Model"),
        lambda f: {"page": shown(made.report, f, service.now(), may_roll_back=may)},
        data_address=f"{REPORTS}/model",
        is_up_to_date=made.is_up_to_date,
    )
    return await show(request, service, visitor, page)


@router.post(f"{MODEL}/rollback", include_in_schema=False)
async def ask_to_roll_back(visitor: MayRollBack, service: CurrentService) -> Response:
    """Take the wish to roll back; the process that follows the registry fulfils it."""
    await service.store_work.write(partial(_ask, visitor=visitor, service=service))
    return RedirectResponse(f"{MODEL}#versions", 303)


def _ask(connection: Connection, visitor: Visitor, service: Service) -> None:
    """Ask for what the page offered. Raises ProblemError where that is not what a rollback would do now."""
    found = {each.status: each.version for each in all_versions(connection)}
    champion, version = found.get(Status.CHAMPION), found.get(Status.PREVIOUS)
    form, now = visitor.form, service.now()
    if version is None or champion is None or (form.get("champion"), form.get("version")) != (champion, version):
        raise ProblemError(409, "the versions have changed since this page was read; look at it again, and ask anew")
    who, why = visitor.caller.who, form.get("why", "").strip() or NO_REASON
    if ask_for_rollback(connection, champion, version, who=who, why=why, now=now):
        note(connection, who, Action.ROLLBACK_ASKED, now=now, subject=f"version {version}", detail=why)


add_report(router, "model", NoQuery, lambda context, _: model_report(context), summary="How good the model is, and why")
