"""Puts the service together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from features.store import open_store
from serving.http import health_routes, model_routes, page, scoring_routes
from serving.http.admission import Gate
from serving.http.documented import document
from serving.http.keyring import Keyring
from serving.http.metrics import Metrics
from serving.http.observed import Observed
from serving.http.problems import add_handlers
from serving.http.served import ServedModel
from serving.http.service import Service
from serving.http.settings import ServiceSettings

VERSION = "1"  # of the addresses under /v1


def _now() -> datetime:
    return datetime.now(UTC)


def create_app(settings: ServiceSettings, now: Callable[[], datetime] = _now) -> FastAPI:
    """Build the service. What it opens, it opens when it starts and closes when it ends.

    Raises StoreError where the store's URL cannot be used.
    """
    metrics = Metrics(settings.metrics_folder)
    served = ServedModel(settings.published, ZoneInfo(settings.timezone), metrics)
    store = open_store(settings.store_url)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.to_thread(served.look)
        following = asyncio.create_task(served.follow(settings.look_every_s))
        yield
        following.cancel()
        with suppress(asyncio.CancelledError):
            await following
        await asyncio.to_thread(store.close)

    app = FastAPI(
        title="leadsift",
        version=VERSION,
        lifespan=lifespan,
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False},
    )
    app.state.service = Service(
        settings=settings,
        served=served,
        keyring=Keyring(store, settings.one_time_token),
        metrics=metrics,
        scoring=Gate(settings.scoring_at_once),
        batches=Gate(settings.batches_at_once, settings.batches_waiting),
        now=now,
    )
    for routes in (scoring_routes, model_routes, health_routes, page):
        app.include_router(routes.router)
    add_handlers(app)
    app.add_middleware(Observed, metrics=metrics, served=served)
    app.openapi = partial(document, app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app
