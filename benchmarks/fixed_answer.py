"""The service with two addresses more, which tell what scoring costs beside HTTP, and what HTTP costs alone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, FastAPI, Request, Response

from benchmarks.sample_lead import sample_lead
from features.errors import NoModelError
from serving.http.app import create_app
from serving.http.intake import IntakeReader
from serving.http.json_body import parse_json, read_body
from serving.http.scorer import Scorer
from serving.http.scoring_routes import MayScore
from serving.http.service import CurrentScorer, CurrentService
from serving.http.settings import ServiceSettings
from serving.model.bundle import read_bundle
from serving.published import current


def create_app_with_fixed_answer(settings: ServiceSettings) -> FastAPI:
    """Give the service with `POST /v1/fixed` and `POST /v1/nothing`.

    The first reads and validates the same body as `/v1/score`, and gives one answer to all; the second looks at
    nothing and gives the same answer. They are looked up as early as `/v1/score` is.
    """
    published = current(settings.published)
    if published is None:
        raise NoModelError(f"nothing is published in {settings.published}")
    model, zone = read_bundle(published.path, published.version), ZoneInfo(settings.timezone)
    now, intake = datetime.now(UTC), IntakeReader(model, zone)
    answer = orjson.dumps(Scorer(model, zone, _count_nothing, published.path).answer(sample_lead(model, now), now))
    app = create_app(settings)

    router = APIRouter()

    @router.post("/v1/fixed")
    async def fixed(request: Request, _: MayScore, service: CurrentService, _scorer: CurrentScorer) -> Response:
        async with service.scoring.entered():
            intake.read(parse_json(b"".join(await read_body(request))), service.now())
            return Response(answer, media_type="application/json")

    @router.post("/v1/nothing")
    async def nothing() -> Response:
        return Response(answer, media_type="application/json")

    app.include_router(router)
    app.router.routes.insert(0, app.router.routes.pop())
    return app


def _count_nothing(_unseen: Sequence[str], _missing: Sequence[str]) -> None:
    """Leave the sample lead out of the metrics."""
