"""Sends writers away before anything of their request is read, where the store has no place left.

Refusing must cost next to nothing just when there are many to refuse: what it costs is taken from those who are let
in. The gate itself stands in `StoreWork`; this only looks whether it is shut. Plain ASGI, within `Observed`.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Receive, Scope, Send

from serving.http.lead_id import LEAD_PATH
from serving.http.problems import problem_response, too_busy
from serving.http.store_work import StoreWork

LEADS = "/v1/leads"


@dataclass(frozen=True)
class _Route:
    """What the log and the metrics call an address."""

    path: str


ROUTES: Mapping[tuple[str, str], _Route] = {
    ("POST", "/v1/events"): _Route("/v1/events"),
    ("POST", "/v1/outcomes"): _Route("/v1/outcomes"),
}
PUT_LEAD = _Route(LEADS + LEAD_PATH)


class Turnstile:
    """Lets requests through, but writes only while the store has a place for them, in work or waiting."""

    def __init__(self, app: ASGIApp, store_work: StoreWork) -> None:
        self._app = app
        self._store_work = store_work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        route = _writing_route(scope) if scope["type"] == "http" and self._store_work.is_full else None
        if route is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = route
        await problem_response(too_busy(), scope.get("request_id"))(scope, receive, send)


def _writing_route(scope: Scope) -> _Route | None:
    method, path = scope["method"], scope["path"]
    if method == "PUT" and path.startswith(f"{LEADS}/"):
        return PUT_LEAD
    return ROUTES.get((method, path))
