"""Around every request: an id, a line in the log, the counts, and a problem instead of a crash.

Plain ASGI: Starlette's BaseHTTPMiddleware would double the latency and lose context variables.
"""

import re
import time
import uuid

import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from serving.http.metrics import Metrics
from serving.http.problems import internal_error, problem_response
from serving.http.served import ServedModel

REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
METHODS = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}  # others would be labels without end
QUIET_ROUTES = {"/healthz", "/readyz", "/metrics"}  # asked every few seconds: counted, not logged


class Observed:
    """The layer around the whole app; only the security headers lie further out."""

    def __init__(self, app: ASGIApp, metrics: Metrics, served: ServedModel) -> None:
        self._app = app
        self._metrics = metrics
        self._served = served

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        request_id = scope["request_id"] = _request_id(scope)
        own_header = (b"x-request-id", request_id.encode())
        status: int | None = None

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], own_header]
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        except Exception:
            structlog.get_logger().exception("request failed", request_id=request_id)
            if status is None:
                await problem_response(internal_error(), request_id)(scope, receive, send_observed)
        finally:
            self._note(scope, request_id, status or 500, time.perf_counter() - started)

    def _note(self, scope: Scope, request_id: str, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "none")
        method = scope["method"] if scope["method"] in METHODS else "other"
        self._metrics.requests.labels(method, route, status).inc()
        self._metrics.seconds.labels(route, status).observe(seconds)
        if route not in QUIET_ROUTES:
            structlog.get_logger().info(
                "request",
                request_id=request_id,
                method=method,
                route=route,
                status=status,
                ms=round(1000 * seconds, 2),
                model_version=self._served.version,
            )


def _request_id(scope: Scope) -> str:
    """Give the caller's own id where it sent a harmless one, so that both logs can be laid side by side."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and REQUEST_ID.fullmatch(value):
            return str(value, "ascii")
    return uuid.uuid4().hex
