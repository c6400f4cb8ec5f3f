"""A person asks to be forgotten."""

from datetime import datetime
from functools import partial

import orjson
import structlog
from fastapi import APIRouter, Request, Response
from sqlalchemy import Connection

from features.errors import StoreError, UnknownLeadError
from features.store.audit import Action, note
from features.store.erased import erased_as
from features.store.erasure import erase_lead
from serving.http.documented import READING, WITH_KEY, WITH_STORE, open_to, problems
from serving.http.idempotency import PARAMETER, Written
from serving.http.lead_id import LEAD_PATH, LeadId, read_lead_id
from serving.http.query import read_query
from serving.http.reading_answers import ErasedAnswer
from serving.http.reading_queries import NoQuery
from serving.http.service import CurrentService
from serving.http.writers import MayWrite, may_write
from serving.values.times import write_moment

SWEPT_BYTES = 256 * 2**20  # an embedded store up to this size is written anew at once, in a few seconds

router = APIRouter(prefix="/v1/leads", tags=["live store"])


@router.delete(
    LEAD_PATH,
    summary="Erase everything that is held of a lead",
    openapi_extra=open_to(may_write) | {"parameters": [PARAMETER]},
    responses={200: {"model": ErasedAnswer}, **problems(400, *READING, *WITH_KEY, *WITH_STORE)},
)
async def erase(request: Request, lead_id: LeadId, caller: MayWrite, service: CurrentService) -> Response:
    """Erase a lead with its events, outcomes and scores, and every other mention of it.

    What a larger embedded store keeps of it in unused parts of its file, `leadsift rescore` clears away.
    """
    read_query(request, NoQuery)
    work = partial(_erase, lead_id=read_lead_id(lead_id), who=caller.who, now=service.now())
    answer = await service.once.write(request, caller, b"", lambda body: body, lambda connection, _: work(connection))
    try:
        await service.store_work.sweep(SWEPT_BYTES)
    except StoreError as error:  # the lead is gone; the next sweep clears the traces away
        structlog.get_logger().warning("store not swept", why=str(error))
    return answer


def _erase(connection: Connection, lead_id: str, who: str, now: datetime) -> Written:
    """Erase, and give an answer that does not name the lead: it may be kept to be given again."""
    if not erase_lead(connection, lead_id, now):
        raise UnknownLeadError(lead_id)
    note(connection, who, Action.LEAD_ERASED, now=now, subject=erased_as(connection, lead_id))
    return Written(200, orjson.dumps({"erased": True, "erased_at": write_moment(now)}))
