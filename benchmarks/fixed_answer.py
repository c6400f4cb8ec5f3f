"""The service with one address more, which does all that `POST /v1/score` does but score: the price of HTTP alone."""

from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import orjson
from fastapi import FastAPI, Request, Response

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
    """Give the service with `POST /v1/fixed`: it reads and validates the same body, and gives one answer to all."""
    published = current(settings.published)
    if published is None:
        raise NoModelError(f"nothing is published in {settings.published}")
    model, zone = read_bundle(published.path, published.version), ZoneInfo(settings.timezone)
    now, intake = datetime.now(UTC), IntakeReader(model, zone)
    answer = orjson.dumps(Scorer(model, zone, _count_nothing, published.path).answer(sample_lead(model, now), now))
    app = create_app(settings)

    @app.post("/v1/fixed")
    async def fixed(request: Request, _: MayScore, service: CurrentService, _scorer: CurrentScorer) -> Response:
        async with service.scoring.entered():
            intake.read(parse_json(b"".join(await read_body(request))), service.now())
            return Response(answer, media_type="application/json")

    return app


def _count_nothing(_unseen: Sequence[str], _missing: Sequence[str]) -> None:
    """Leave the sample lead out of the metrics."""
