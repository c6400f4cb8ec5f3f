"""Every error that leaves the service, as RFC 9457 problem details (application/problem+json)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from starlette.exceptions import HTTPException

from features.errors import LeadsiftError, NoModelError, StoreError

MEDIA_TYPE = "application/problem+json"
SHOWN_ERRORS = 50  # of one lead: enough to mend it, too few to flood anyone
RETRY_AFTER_S = "1"

TITLES = {
    "about:blank": None,  # RFC 9457: the title is the status's own phrase
    "urn:leadsift:problem:not-json": "The body is not one JSON value",
    "urn:leadsift:problem:not-acceptable": "The request is not acceptable",
    "urn:leadsift:problem:too-busy": "Too many requests at once",
    "urn:leadsift:problem:no-model": "There is no model to score with",
    "urn:leadsift:problem:no-store": "The store cannot be reached",
}


@dataclass(frozen=True)
class FieldError:
    """One thing wrong with a body: where, as a JSON pointer ("#/events/3/type"), and what to do."""

    pointer: str
    detail: str


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
        self.type = "about:blank" if name is None else f"urn:leadsift:problem:{name}"
        self.errors = tuple(errors)
        self.headers = dict(headers or {})

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
    detail = "the service works on as many requests as it can; send this one again in a second"
    return ProblemError(429, detail, "too-busy", headers={"Retry-After": RETRY_AFTER_S})


def no_model(detail: str) -> ProblemError:
    """Give the 503 of a service that has nothing to score with yet."""
    return ProblemError(503, detail, "no-model", headers={"Retry-After": RETRY_AFTER_S})


def no_store() -> ProblemError:
    """Give the 503 of a service that cannot look up who is calling; what ails the store is in the logs alone."""
    detail = "the store of API keys cannot be reached; send this request again later"
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
        return problem_response(_problem_of(error), request.scope.get("request_id"))

    for kind in (ProblemError, NoModelError, StoreError, HTTPException):
        app.add_exception_handler(kind, handle)


def _problem_of(error: Exception) -> ProblemError:
    match error:
        case ProblemError():
            return error
        case NoModelError():
            return no_model(str(error))
        case StoreError():
            return no_store()
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
