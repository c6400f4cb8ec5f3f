"""What one running app holds, and how an endpoint gets at it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from serving.http.admission import Gate
from serving.http.idempotency import Once
from serving.http.keyring import Keyring
from serving.http.large_bodies import LargeBodies
from serving.http.metrics import Metrics
from serving.http.pages.choice_memo import ChoiceMemo
from serving.http.pages.slow_reports import SlowReports
from serving.http.rates import Rates
from serving.http.scorer import Scorer
from serving.http.served import ServedModel
from serving.http.sessions import Sessions
from serving.http.settings import ServiceSettings
from serving.http.store_watch import StoreWatch
from serving.http.store_work import StoreWork
from serving.live.known_models import KnownModels


@dataclass(frozen=True)
class Service:
    """Everything that lives as long as the app; `now` is the service's clock.

    rates: how often each key comes. wrong_keys: how often each place tries to log in with a wrong one.
    """

    settings: ServiceSettings
    served: ServedModel
    keyring: Keyring
    sessions: Sessions
    rates: Rates
    wrong_keys: Rates
    metrics: Metrics
    scoring: Gate
    batches: Gate
    large_bodies: LargeBodies
    store_work: StoreWork
    once: Once
    known_models: KnownModels
    store_watch: StoreWatch
    choices: ChoiceMemo
    slow_reports: SlowReports
    now: Callable[[], datetime]


def service_of(request: Request) -> Service:
    """Give the service of the app that a request came to."""
    return cast("Service", request.app.state.service)


async def _service(request: Request) -> Service:
    return service_of(request)


async def _scorer(request: Request) -> Scorer:
    return service_of(request).served.scorer()


# Dependencies that ask for no other one: FastAPI spends longer on resolving those than a lead takes to score.
CurrentService = Annotated[Service, Depends(_service)]
CurrentScorer = Annotated[Scorer, Depends(_scorer)]
