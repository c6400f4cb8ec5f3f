"""What sales decided comes in."""

from dataclasses import dataclass
from datetime import datetime
from functools import partial

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from sqlalchemy import Connection

from features.errors import UnknownLeadError
from features.store.fact_rules import FactRules
from features.store.facts import refresh_facts
from features.store.outcomes import add_outcome
from serving.http.documented import WITH_BODY, WITH_KEY, WITH_STORE, body_of, open_to, problems
from serving.http.event_routes import NO_LEAD
from serving.http.idempotency import PARAMETER, Written
from serving.http.intake import MAX_MEMBERS, sent_moment
from serving.http.json_body import parse_json, read_body
from serving.http.live_answers import AddOutcomeAnswer
from serving.http.live_bodies import AddOutcomeRequest
from serving.http.problems import not_acceptable
from serving.http.service import CurrentService
from serving.http.wording import shape_errors
from serving.http.writers import MayWrite, may_write
from serving.values.attribute_values import said
from serving.values.field_error import FieldError

router = APIRouter(prefix="/v1/outcomes", tags=["live store"])


@dataclass(frozen=True)
class SentOutcome:
    """A decision as it was sent, and its times."""

    body: AddOutcomeRequest
    decided_at: datetime
    first_touch_at: datetime | None


@router.post(
    "",
    summary="Add a decision of sales",
    openapi_extra=open_to(may_write) | body_of(AddOutcomeRequest) | {"parameters": [PARAMETER]},
    responses={200: {"model": AddOutcomeAnswer}, **problems(*WITH_BODY, *WITH_KEY, *WITH_STORE)},
)
async def add(request: Request, caller: MayWrite, service: CurrentService) -> Response:
    """Keep what sales decided on a lead, when it first touched it and which contents it found useful."""
    body, now = b"".join(await read_body(request)), service.now()
    work = partial(_add, now=now, rules=service.settings.fact_rules)
    return await service.once.write(request, caller, body, partial(read_outcome, now=now), work)


def read_outcome(body: bytes, now: datetime) -> SentOutcome:
    """Read a decision. Raises ProblemError with all that is wrong."""
    value = parse_json(body)
    if not isinstance(value, dict) or len(value) > MAX_MEMBERS:
        detail = f"must be an object with an outcome, not {said(value)}"
        raise not_acceptable([FieldError("#", detail)])
    try:
        sent = AddOutcomeRequest.model_validate(value)
    except ValidationError as error:
        raise not_acceptable(shape_errors(error, AddOutcomeRequest)) from None
    errors: list[FieldError] = []
    decided_at = sent_moment(sent.decided_at, "#/decided_at", now, errors)
    touched_at = sent_moment(sent.first_touch_at, "#/first_touch_at", now, errors) if sent.first_touch_at else None
    if errors:
        raise not_acceptable(errors)
    assert decided_at is not None, "what could not be read is an error"
    return SentOutcome(sent, decided_at, touched_at)


def _add(connection: Connection, sent: SentOutcome, now: datetime, rules: FactRules) -> Written:
    body = sent.body
    try:
        added = add_outcome(
            connection,
            body.lead_id,
            body.outcome,
            reason=body.reason,
            decided_at=sent.decided_at,
            first_touch_at=sent.first_touch_at,
            useful_content=body.useful_content,
            now=now,
        )
    except UnknownLeadError:
        raise not_acceptable([FieldError("#/lead_id", NO_LEAD)]) from None
    refresh_facts(connection, [body.lead_id], rules)
    answer = {"lead_id": body.lead_id, "outcome": body.outcome, "added": added}
    return Written(200, orjson.dumps(answer), [body.lead_id])
