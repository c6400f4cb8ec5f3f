"""Every error that leaves the service, as RFC 9457 problem details (application/problem+json)."""

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import orjson
import structlog
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from features.errors import LeadsiftError, NoModelError, StoreError, UnknownLeadError
from serving.http.problem_page import problem_page, wants_page
from serving.values.field_error import SHOWN_ERRORS, FieldError

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = "1"
BUSY_RETRY_AFTER_S = "2"  # coming back costs the service too: a crowd must not do so too often

TITLES = {
    "about:blank": None,  # RFC 9457: the title is the status's own phrase
    "urn:leadsift:problem:not-json": "The body is not one JSON value",
    "urn:leadsift:problem:not-acceptable": "The request is not acceptable",
    "urn:leadsift:problem:too-busy": "Too many requests at once",
    "urn:leadsift:problem:too-often": "Too many requests by one caller",
    "urn:leadsift:problem:interrupted": "Scoring was interrupted",
    "urn:leadsift:problem:bad-key": "The Idempotency-Key cannot be read",
    "urn:leadsift:problem:key-busy": "A write with this Idempotency-Key is under way",
    "urn:leadsift:problem:key-used": "The Idempotency-Key was used for something else",
    "urn:leadsift:problem:no-model": "There is no model to score with",
    "urn:leadsift:problem:no-store": "The store cannot be reached",
}


class ProblemError(LeadsiftError):
    """A request that gets a problem for an answer. `name` is the last part of the problem's type."""

    def __init__(
        self,
        status: int,
        detail: str,
        name: str | None = None,
        errors: Sequence[FieldError] = (),
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.name = name
        self.type = "about:blank" if name is None else f"urn:leadsift:problem:{name}"
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.status, self.detail, self.name, self.errors, self.headers)

    def to_json(self) -> dict[str, Any]:
        """Give the problem's members as plain JSON values."""
        members = {
            "type": self.type,
            "title": TITLES[self.type] or HTTPStatus(self.status).phrase,
            "status": self.status,
            "detail": self.detail,
        }
        if self.errors:
            members["errors"] = [{"pointer": each.pointer, "detail": each.detail} for each in self.errors]
        return members


def not_acceptable(errors: Sequence[FieldError]) -> ProblemError:
    """Give the 422 that lists what is wrong with a body, the first ones where it is a lot."""
    count = len(errors)
    detail = "1 thing is wrong" if count == 1 else f"{count} things are wrong"
    if count > SHOWN_ERRORS:
        detail = f"more than {SHOWN_ERRORS} things are wrong; these are the first"
    return ProblemError(422, f"{detail}: see errors", "not-acceptable", errors[:SHOWN_ERRORS])


def too_busy() -> ProblemError:
    """Give the 429 that asks to come back."""
    detail = "the service works on as many requests as it can; send this one again in two seconds"
    return ProblemError(429, detail, "too-busy", headers={"Retry-After": BUSY_RETRY_AFTER_S})


def too_often(wait_s: float, what: str) -> ProblemError:
    """Give the 429 of a caller who comes more often than any one may; `what` says of what there was too much."""
    seconds = math.ceil(wait_s)
    return ProblemError(429, f"{what}; wait {seconds} s", "too-often", headers={"Retry-After": str(seconds)})


def interrupted() -> ProblemError:
    """Give the 503 of a request whose scoring ended in the middle."""
    detail = "scoring this request was interrupted; send it again, or in smaller parts where it happens again"
    return ProblemError(503, detail, "interrupted", headers={"Retry-After": RETRY_AFTER_S})


def no_model(detail: str) -> ProblemError:
    """Give the 503 of a service that has nothing to score with yet."""
    return ProblemError(503, detail, "no-model", headers={"Retry-After": RETRY_AFTER_S})


def no_store() -> ProblemError:
    """Give the 503 of a service that needs the store and cannot use it; what ails the store is in the logs alone."""
    detail = "the store cannot be used now; send this request again later"
    return ProblemError(503, detail, "no-store", headers={"Retry-After": RETRY_AFTER_S})


def internal_error() -> ProblemError:
    """Give the 500 that tells nothing of the inside but where to look."""
    return ProblemError(500, "the service failed on this request; its log says why, under this request id")


def problem_response(problem: ProblemError, request_id: str | None) -> Response:
    """Give the response of a problem; `request_id` leads to the line of the log."""
    body = problem.to_json() | ({} if request_id is None else {"request_id": request_id})
    return Response(orjson.dumps(body), problem.status, problem.headers, MEDIA_TYPE)


def add_handlers(app: FastAPI) -> None:
    """Let the app answer its domain's errors and the framework's own in the same form."""

    async def handle(request: Request, error: Exception) -> Response:
        problem, request_id = _problem_of(error), request.scope.get("request_id")
        if isinstance(error, StoreError):
            structlog.get_logger().warning("store not usable", request_id=request_id, why=str(error))
        if wants_page(request):
            return problem_page(problem.to_json(), problem.headers, request_id)
        return problem_response(problem, request_id)

    for kind in (ProblemError, NoModelError, StoreError, UnknownLeadError, HTTPException):
        app.add_exception_handler(kind, handle)


def _problem_of(error: Exception) -> ProblemError:
    match error:
        case ProblemError():
            return error
        case NoModelError():
            return no_model(str(error))
        case StoreError():
            return no_store()
        case UnknownLeadError():
            return ProblemError(404, "there is no such lead; it was never sent, or it was erased")
        case HTTPException():
            return ProblemError(error.status_code, _detail_of(error), headers=error.headers)
        case _:
            return internal_error()


def _detail_of(error: HTTPException) -> str:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return "there is nothing at this address; /openapi.json lists what there is"
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return f"this address answers {(error.headers or {}).get('Allow', 'other methods')} alone"
    return error.detail
