"""Which open leads to work next."""

from datetime import datetime
from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Connection

from features.store.worklist import WorklistFilter
from serving.access import Caller, Role
from serving.http.callers import requires
from serving.http.documented import READING, WITH_KEY, open_to, problems
from serving.http.query import parameters_of, read_query
from serving.http.reading_answers import WorklistAnswer
from serving.http.reading_queries import WorklistQuery
from serving.http.service import CurrentService
from serving.live.as_json import worklist_json
from serving.live.worklist import make_worklist

router = APIRouter(prefix="/v1/worklist", tags=["live store"])
may_list = requires(Role.CRM, Role.MARKETER)
MayList = Annotated[Caller, Depends(may_list)]


@router.get(
    "",
    summary="List the open leads to work next",
    openapi_extra=open_to(may_list) | parameters_of(WorklistQuery),
    responses={200: {"model": WorklistAnswer}, **problems(*READING, *WITH_KEY)},
)
async def worklist(request: Request, _: MayList, service: CurrentService) -> Response:
    """Rank the open leads by their newest score in the ledger, and say what working so many of them is worth."""
    asked = read_query(request, WorklistQuery)
    work = partial(_worklist, asked=asked, exploration=service.settings.exploration, now=service.now())
    return Response(await service.store_work.read(work), media_type="application/json")


def _worklist(connection: Connection, asked: WorklistQuery, exploration: float, now: datetime) -> bytes:
    made = make_worklist(connection, _filter(asked), asked.capacity, exploration)
    return orjson.dumps(worklist_json(made, exploration, now))


def _filter(asked: WorklistQuery) -> WorklistFilter:
    named = {"sector": asked.sector, "source": asked.source}
    attributes = {name: value for name, value in named.items() if value is not None}
    return WorklistFilter(
        owner=asked.owner,
        fit_grade=asked.fit_grade,
        engagement_grade=asked.engagement_grade,
        segment=asked.segment and asked.segment.value,
        attributes=asked.attribute | attributes,
    )
