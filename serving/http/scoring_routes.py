"""Scoring: one lead, or many."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from serving.access import Caller, Role
from serving.http.answers import BatchAnswer, ScoreAnswer
from serving.http.callers import requires
from serving.http.documented import WITH_BODY, WITH_KEY, body_of, open_to, problems
from serving.http.json_body import read_body
from serving.http.lead_body import BatchRequest, ScoreRequest
from serving.http.score_body import score_few_leads, score_lead_body
from serving.http.scorer import Scorer
from serving.http.scoring_job import Job
from serving.http.service import CurrentScorer, CurrentService, Service

INLINE_BYTES = 16 * 1024  # about two hundred events: what is scored here, in a few milliseconds, holds up all others

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
        pieces = await read_body(request)
        if _is_small(pieces):
            return _json(score_lead_body(scorer, b"".join(pieces), service.now()))
    async with service.batches.entered():
        return _json(await _score_beside(service, scorer, pieces, many=False))


@router.post(
    "/batch",
    summary="Score up to 1,000 leads",
    openapi_extra=open_to(may_score) | body_of(BatchRequest),
    responses={200: {"model": BatchAnswer}, **problems(*WITH_BODY, *WITH_KEY)},
)
async def score_batch(request: Request, _: MayScore, service: CurrentService, scorer: CurrentScorer) -> Response:
    """Score many leads by one model; each is answered in order, a bad one with its own problem."""
    async with service.batches.entered():
        pieces = await read_body(request)
        if _is_small(pieces):
            answer = score_few_leads(scorer, b"".join(pieces), service.now())
            if answer is not None:
                return _json(answer)
        return _json(await _score_beside(service, scorer, pieces, many=True))


def _is_small(pieces: Sequence[bytes]) -> bool:
    return sum(map(len, pieces)) <= INLINE_BYTES


async def _score_beside(service: Service, scorer: Scorer, pieces: Sequence[bytes], *, many: bool) -> bytes:
    job = Job(scorer.bundle, scorer.version, scorer.zone, many, service.now())
    return await service.large_bodies.score(job, pieces)


def _json(content: bytes) -> Response:
    return Response(content, media_type="application/json")
