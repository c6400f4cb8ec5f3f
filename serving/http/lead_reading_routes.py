"""One stored lead is read: its score as of now, how it came to be, everything that is held of it."""

from dataclasses import replace
from functools import partial
from typing import Annotated

import orjson
from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Connection

from features.store.person import everything_of
from serving.access import Caller, Role
from serving.http.answers import ScoreAnswer
from serving.http.callers import requires
from serving.http.documented import READING, WITH_KEY, open_to, problems
from serving.http.lead_id import LEAD_PATH, LeadId, read_lead_id
from serving.http.models_at_hand import model_at_hand
from serving.http.query import parameters_of, read_query
from serving.http.reading_answers import HistoryAnswer, PersonAnswer
from serving.http.reading_queries import HistoryQuery, NoQuery, ScoreQuery
from serving.http.service import CurrentScorer, CurrentService, Service
from serving.http.writers import MayWrite, may_write
from serving.live.as_json import history_json, person_json
from serving.live.explained_again import with_reasons
from serving.live.history import HistoryEntry, ModelOf, lead_history
from serving.live.stored_score import score_stored

router = APIRouter(prefix="/v1/leads", tags=["live store"])
may_read_scores = requires(Role.CRM, Role.SCIENTIST)
MayReadScores = Annotated[Caller, Depends(may_read_scores)]


@router.get(
    LEAD_PATH + "/score",
    summary="Score a stored lead as of now",
    openapi_extra=open_to(may_read_scores) | parameters_of(ScoreQuery),
    responses={200: {"model": ScoreAnswer}, **problems(*READING, *WITH_KEY)},
)
async def score(
    request: Request, lead_id: LeadId, _: MayReadScores, service: CurrentService, scorer: CurrentScorer
) -> Response:
    """Score a lead with all that the store holds of it; the score goes into the ledger."""
    asked = read_query(request, ScoreQuery)
    lead_id = read_lead_id(lead_id)
    work = partial(
        score_stored,
        lead_id=lead_id,
        live=scorer.live,
        reasons=asked.reasons,
        now=service.now(),
        subscribers=service.settings.subscribers,
    )
    return _json(orjson.dumps(scorer.answer_stored(await service.store_work.write(work))))


@router.get(
    LEAD_PATH + "/history",
    summary="Tell how a stored lead's score came to be",
    openapi_extra=open_to(may_read_scores) | parameters_of(HistoryQuery),
    responses={200: {"model": HistoryAnswer}, **problems(*READING, *WITH_KEY)},
)
async def history(request: Request, lead_id: LeadId, _: MayReadScores, service: CurrentService) -> Response:
    """Give every score of the lead that left the service, and what changed between two neighbours, in points."""
    asked = read_query(request, HistoryQuery)
    lead_id = read_lead_id(lead_id)
    return _json(await service.store_work.read(partial(_history, service=service, lead_id=lead_id, asked=asked)))


@router.get(
    LEAD_PATH,
    summary="Give everything that is held of a lead",
    openapi_extra=open_to(may_write),
    responses={200: {"model": PersonAnswer}, **problems(*READING, *WITH_KEY)},
)
async def everything(request: Request, lead_id: LeadId, _: MayWrite, service: CurrentService) -> Response:
    """Give the lead, all its changes, events, outcomes and scores, and where else it is named."""
    read_query(request, NoQuery)
    return _json(await service.store_work.read(partial(_everything, lead_id=read_lead_id(lead_id))))


def _history(connection: Connection, service: Service, lead_id: str, asked: HistoryQuery) -> bytes:
    model_of = partial(model_at_hand, service)
    entries = lead_history(connection, lead_id, model_of, asked.newest)
    if asked.reasons is not None:
        entries = [_explained(entry, model_of, asked.reasons) for entry in entries]
    return orjson.dumps(history_json(lead_id, entries))


def _explained(entry: HistoryEntry, model_of: ModelOf, reasons: int) -> HistoryEntry:
    return replace(entry, score=with_reasons(entry.score, model_of(entry.score.model_version), reasons))


def _everything(connection: Connection, lead_id: str) -> bytes:
    return orjson.dumps(person_json(everything_of(connection, lead_id)))


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
