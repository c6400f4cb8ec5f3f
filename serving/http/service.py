"""What one running app holds, and how an endpoint gets at it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, cast

from fastapi import Depends, Request

from serving.http.admission import Gate
from serving.http.keyring import Keyring
from serving.http.metrics import Metrics
from serving.http.scorer import Scorer
from serving.http.served import ServedModel
from serving.http.settings import ServiceSettings


@dataclass(frozen=True)
class Service:
    """Everything that lives as long as the app; `now` is the service's clock."""

    settings: ServiceSettings
    served: ServedModel
    keyring: Keyring
    metrics: Metrics
    scoring: Gate
    batches: Gate
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
