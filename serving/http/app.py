"""Puts the service together."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

from fastapi import FastAPI

from features.store import open_store
from serving.http import (
    erasure_route,
    event_routes,
    health_routes,
    lead_reading_routes,
    login_page,
    model_routes,
    outcome_route,
    page,
    plain_page,
    put_lead_route,
    scoring_routes,
    worklist_routes,
)
from serving.http.admission import Gate
from serving.http.documented import document
from serving.http.facts_watch import follow_facts
from serving.http.idempotency import Once
from serving.http.keyring import Keyring
from serving.http.large_bodies import LargeBodies
from serving.http.metrics import Metrics
from serving.http.observed import Observed
from serving.http.pages import (
    agreement_page,
    content_page,
    grid_page,
    lead_page,
    model_page,
    overview_page,
    rejections_page,
    static_routes,
    worklist_page,
)
from serving.http.pages.choice_memo import ChoiceMemo
from serving.http.pages.slow_reports import SlowReports
from serving.http.problems import add_handlers
from serving.http.rates import rates_of, wrong_keys_of
from serving.http.security_headers import SecurityHeaders
from serving.http.served import ServedModel
from serving.http.service import Service
from serving.http.sessions import Sessions
from serving.http.settings import ServiceSettings
from serving.http.store_watch import StoreWatch
from serving.http.store_work import StoreWork
from serving.http.turnstile import Turnstile
from serving.live.known_models import KnownModels

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
    large_bodies = LargeBodies(metrics)
    store_watch = StoreWatch(store, now)
    store_work = StoreWork(store, settings.store_at_once, settings.store_waiting, inside=metrics.inside.labels("store"))
    choices = ChoiceMemo()
    keyring = Keyring(store, settings.one_time_token, now)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await asyncio.gather(asyncio.to_thread(served.look), asyncio.to_thread(store_watch.start))
        following = [
            asyncio.create_task(served.follow(settings.look_every_s)),
            asyncio.create_task(follow_facts(store_work, settings.fact_rules, choices)),
        ]
        yield
        for each in following:
            each.cancel()
            with suppress(asyncio.CancelledError):
                await each
        await asyncio.to_thread(large_bodies.stop)
        await asyncio.to_thread(store_watch.stop)
        await asyncio.to_thread(store_work.stop)
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
        keyring=keyring,
        sessions=Sessions(store, keyring, now),
        rates=rates_of(settings.requests_per_second, settings.metrics_folder),
        wrong_keys=wrong_keys_of(settings.metrics_folder),
        metrics=metrics,
        scoring=Gate(settings.scoring_at_once, inside=metrics.inside.labels("scoring")),
        batches=Gate(settings.batches_at_once, settings.batches_waiting, metrics.inside.labels("batches")),
        large_bodies=large_bodies,
        store_work=store_work,
        once=Once(store_work, now, metrics.replays),
        known_models=KnownModels(settings.published, ZoneInfo(settings.timezone)),
        store_watch=store_watch,
        choices=choices,
        slow_reports=SlowReports(),
        now=now,
    )
    live_store = (lead_reading_routes, worklist_routes, put_lead_route, event_routes, outcome_route, erasure_route)
    for_sales = (worklist_page, lead_page, content_page)
    pages = (overview_page, grid_page, rejections_page, agreement_page, *for_sales, model_page, static_routes)
    for routes in (scoring_routes, model_routes, *live_store, health_routes, page, login_page, plain_page, *pages):
        app.include_router(routes.router)
    add_handlers(app)
    app.add_middleware(Turnstile, store_work=store_work)
    app.add_middleware(Observed, metrics=metrics, served=served)
    app.add_middleware(SecurityHeaders)
    app.openapi = partial(document, app)  # type: ignore[method-assign]  # FastAPI's documented way
    return app
