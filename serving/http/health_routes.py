"""For those who run the service: is it up, can it score, what does it count."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from serving.http.answers import Health, Readiness
from serving.http.documented import problems
from serving.http.service import CurrentScorer, CurrentService

router = APIRouter(tags=["operation"])
TEXT = {"text/plain": {"schema": {"type": "string"}}}


@router.get("/healthz", summary="Is the process up?", responses=problems())
async def health() -> Health:
    """Answer at all."""
    return Health(status="up")


@router.get("/readyz", summary="Can it score?", responses=problems(503))
async def readiness(service: CurrentService, scorer: CurrentScorer) -> Readiness:
    """Give the version that scores, or 503 and why there is none."""
    return Readiness(status="ready", model_version=scorer.version, problem=service.served.problem)


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    response_class=Response,
    responses={200: {"description": "the text format of Prometheus", "content": TEXT}, **problems()},
)
def metrics(service: CurrentService) -> Response:
    """Give what was counted so far."""
    return Response(service.metrics.page(), media_type=CONTENT_TYPE_LATEST)
