"""Scoring: one lead, or many."""

import asyncio
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, Depends, Request, Response

from features.problems import did_you_mean, shorten
from serving.access import Caller, Role
from serving.http.answers import BatchAnswer, ScoreAnswer
from serving.http.attribute_values import said
from serving.http.callers import requires
from serving.http.documented import WITH_BODY, WITH_KEY, body_of, open_to, problems
from serving.http.json_body import parse_json, pointer_part, read_body
from serving.http.lead_body import MAX_LEADS, BatchRequest, ScoreRequest
from serving.http.problems import FieldError, not_acceptable
from serving.http.scorer import Scorer
from serving.http.service import CurrentScorer, CurrentService

INLINE_BYTES = 64 * 1024  # a lead up to this size is scored faster than a thread is started

router = APIRouter(prefix="/v1/score", tags=["score"])
may_score = requires(Role.CRM, Role.SCIENTIST)
MayScore = Annotated[Caller, Depends(may_score)]


@router.post(
    "",
    summary="Score one lead",
    openapi_extra=open_to(may_score) | body_of(ScoreRequest),
    responses={200: {"model": ScoreAnswer}, **problems(*WITH_BODY, *WITH_KEY)},
)
async def score(request: Request, _: MayScore, service: CurrentService, scorer: CurrentScorer) -> Response:
    """Score one lead from what is sent; nothing is stored."""
    async with service.scoring.entered():
        body = await read_body(request)
        if len(body) <= INLINE_BYTES:
            return _json(_score(scorer, body, service.now()))
    async with service.batches.entered():
        return _json(await asyncio.to_thread(_score, scorer, body, service.now()))


@router.post(
    "/batch",
    summary="Score up to 1,000 leads",
    openapi_extra=open_to(may_score) | body_of(BatchRequest),
    responses={200: {"model": BatchAnswer}, **problems(*WITH_BODY, *WITH_KEY)},
)
async def score_batch(request: Request, _: MayScore, service: CurrentService, scorer: CurrentScorer) -> Response:
    """Score many leads by one model; each is answered in order, a bad one with its own problem."""
    async with service.batches.entered():
        body = await read_body(request)
        return _json(await asyncio.to_thread(_score_batch, scorer, body, service.now()))


def _score(scorer: Scorer, body: bytes, now: datetime) -> bytes:
    return orjson.dumps(scorer.answer(parse_json(body), now))


def _score_batch(scorer: Scorer, body: bytes, now: datetime) -> bytes:
    results = [scorer.answer_or_problem(lead, now) for lead in _leads_of(parse_json(body))]
    return orjson.dumps({"results": results, "model_version": scorer.version})


def _leads_of(value: Any) -> Sequence[Any]:
    """Give the leads of a batch, each as it was sent. Raises ProblemError (422) where there is no list of them."""
    if not isinstance(value, dict):
        raise not_acceptable([FieldError("#", f"must be an object with leads, not {said(value)}")])
    strange = [key for key in value if key != "leads"]
    errors = [FieldError(f"#/{pointer_part(key)}", _unknown(key)) for key in strange]
    leads = value.get("leads")
    if "leads" not in value:
        errors.append(FieldError("#/leads", "is missing; send it"))
    elif not isinstance(leads, list):
        errors.append(FieldError("#/leads", f"must be a list of leads, not {said(leads)}"))
    elif len(leads) > MAX_LEADS:
        errors.append(FieldError("#/leads", f"has {len(leads)} leads; send at most {MAX_LEADS} at a time"))
    if errors:
        raise not_acceptable(errors)
    assert isinstance(leads, list)
    return leads


def _unknown(key: str) -> str:
    return f"is not known here; {did_you_mean(shorten(key), ['leads'])}"


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
