"""Gives reports as JSON and CSV under /v1/reports."""

from collections.abc import Callable
from typing import Annotated, Any, Literal, TypeVar

import orjson
from fastapi import APIRouter, Depends, Request, Response
from pydantic import Field, create_model

from serving.access import Caller, Role
from serving.http.callers import Requires, requires
from serving.http.documented import READING, WITH_KEY, open_to, problems
from serving.http.lead_body import Body
from serving.http.pages.framing import make_report
from serving.http.pages.readers import EVERYONE
from serving.http.query import parameters_of, read_query
from serving.http.service import CurrentService
from serving.reports.report import Report, ReportContext

Q = TypeVar("Q", bound=Body)

JSON, CSV = "json", "csv"
REPORTS = "/v1/reports"


def add_report(
    router: APIRouter,
    name: str,
    query: type[Q],
    build: Callable[[ReportContext, Q], Report],
    *,
    summary: str,
    roles: tuple[Role, ...] = EVERYONE,
) -> None:
    """Add `GET /v1/reports/NAME`: what `build` makes of the parameters, as JSON or, with `format=csv`, as CSV."""
    may_read = requires(*roles)
    asked_as = _with_format(query)
    router.add_api_route(
        f"{REPORTS}/{name}",
        _endpoint(name, asked_as, build, may_read),
        methods=["GET"],
        name=f"report_{name}",
        tags=["reports"],
        summary=summary,
        description=f"{summary}. `format=csv` gives the rows for a spreadsheet.",
        openapi_extra=open_to(may_read) | parameters_of(asked_as),
        responses={
            200: {"content": {"application/json": {"schema": {"type": "object"}}, "text/csv": {}}},
            **problems(*READING, *WITH_KEY),
        },
        response_class=Response,
    )


def _with_format(query: type[Q]) -> type[Q]:
    kinds: Any = (Literal["json", "csv"], Field(JSON, description="how to write it"))
    made: type[Q] = create_model(query.__name__, __base__=query, format=kinds)
    return made


def _endpoint(
    name: str, query: type[Q], build: Callable[[ReportContext, Q], Report], may_read: Requires
) -> Callable[..., Any]:
    async def report(request: Request, _: Annotated[Caller, Depends(may_read)], service: CurrentService) -> Response:
        asked = read_query(request, query)
        made = (await make_report(service, lambda context: build(context, asked))).report
        if asked.format == CSV:  # type: ignore[attr-defined]  # the member that _with_format added
            attached = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
            return Response(made.table().to_csv(), media_type="text/csv; charset=utf-8", headers=attached)
        return Response(orjson.dumps(made.to_json()), media_type="application/json")

    return report
