"""The OpenAPI document: every status that an address can answer, every body, and who may call."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from pydantic.json_schema import models_json_schema

from serving.access import Role
from serving.http.answers import Problem
from serving.http.callers import Requires
from serving.http.lead_body import BatchRequest, Body, ScoreRequest
from serving.http.live_bodies import AddEventsRequest, AddOutcomeRequest, PutLeadRequest
from serving.http.problems import MEDIA_TYPE

SCHEMAS = "#/components/schemas/"
SUMMARY = "Scores inbound leads: the chance that sales accepts them, with reasons that add up."
WHY = {
    400: "The body is not JSON, or repeats a key; or a header cannot be read",
    401: "No valid key",
    403: "The key is for something else",
    404: "There is nothing at this address",
    405: "This address answers other methods",
    408: "The body did not arrive in time",
    409: "A write with this Idempotency-Key is under way",
    413: "The body is too large",
    415: "The body is not announced as JSON",
    422: "What was sent is not acceptable; `errors` lists all that is wrong",
    429: "Too many requests at once, or by one caller",
    500: "The service failed",
    503: "There is no model to score with, or the store cannot be used now",
}
BODIES = (ScoreRequest, BatchRequest, PutLeadRequest, AddEventsRequest, AddOutcomeRequest)
ANYWHERE = (404, 405, 500)
WITH_KEY = (401, 403, 429, 503)
WITH_STORE = (409,)
READING = (422, 429)
WITH_BODY = (400, 408, 413, 415, 422, 429)


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Give the documentation of problems with these statuses, and of those that any address has."""
    content = {MEDIA_TYPE: {"schema": {"$ref": SCHEMAS + Problem.__name__}}}
    return {status: {"description": WHY[status], "content": content} for status in sorted({*statuses, *ANYWHERE})}


def body_of(body: type[Body]) -> dict[str, Any]:
    """Give the documentation of a JSON body."""
    content = {"application/json": {"schema": {"$ref": SCHEMAS + body.__name__}}}
    return {"requestBody": {"required": True, "content": content}}


def open_to(required: Requires) -> dict[str, Any]:
    """Give the documentation of who may call."""
    return {"security": [{"key": []}], "x-roles": sorted(role.value for role in required.roles)}


def document(app: FastAPI) -> dict[str, Any]:
    """Give the app's OpenAPI document, made once."""
    if app.openapi_schema is None:
        spec = get_openapi(title=app.title, version=app.version, summary=SUMMARY, routes=app.routes)
        components = spec.setdefault("components", {})
        components.setdefault("schemas", {}).update(_body_schemas())
        components["securitySchemes"] = {"key": {"type": "http", "scheme": "bearer", "description": _who()}}
        app.openapi_schema = spec
    return app.openapi_schema


def _body_schemas() -> dict[str, Any]:
    wanted = [(model, "validation") for model in (*BODIES, Problem)]
    _, schemas = models_json_schema(wanted, ref_template=SCHEMAS + "{model}")  # type: ignore[arg-type]  # wants Literal
    defined: dict[str, Any] = schemas["$defs"]
    return defined


def _who() -> str:
    return f"A key made by `leadsift keys create`; its role is one of {', '.join(Role)}."
