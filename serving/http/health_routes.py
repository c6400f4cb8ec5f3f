"""For those who run the service: is it up, can it score, what does it count."""

from collections.abc import Iterator
from datetime import timedelta

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST

from serving.http.answers import Health, Readiness
from serving.http.documented import problems
from serving.http.metrics import Figure
from serving.http.service import CurrentScorer, CurrentService, Service

router = APIRouter(tags=["operation"])
SILENT_AFTER = timedelta(seconds=90)  # the watcher asks every 5 seconds, and every 30 after failures
TEXT = {"text/plain": {"schema": {"type": "string"}}}


@router.get("/healthz", summary="Is the process up?", responses=problems())
async def health() -> Health:
    """Answer at all."""
    return Health(status="up")


@router.get("/readyz", summary="Can it score?", responses=problems(503))
async def readiness(service: CurrentService, scorer: CurrentScorer) -> Readiness:
    """Give the version that scores, or 503 and why there is none."""
    return Readiness(
        status="ready",
        model_version=scorer.version,
        problem=service.served.problem or _silence(service),
        store="up" if service.store_watch.is_up else "down",
    )


@router.get(
    "/metrics",
    summary="Counts for Prometheus",
    response_class=Response,
    responses={200: {"description": "the text format of Prometheus", "content": TEXT}, **problems()},
)
def metrics(service: CurrentService) -> Response:
    """Give what was counted so far."""
    return Response(service.metrics.page(_figures(service)), media_type=CONTENT_TYPE_LATEST)


def _figures(service: Service) -> Iterator[Figure]:
    yield from service.store_watch.figures()
    age = service.served.unasked_for(service.now())
    if age is not None:
        said = "Since the model registry last said which version is the champion."
        yield Figure("leadsift_registry_age_seconds", said, age.total_seconds())


def _silence(service: Service) -> str | None:
    age = service.served.unasked_for(service.now())
    if age is None or age < SILENT_AFTER:
        return None
    minutes = age // timedelta(minutes=1)
    return f"the model registry has not answered for {minutes} minutes; a newer champion would not be seen"
