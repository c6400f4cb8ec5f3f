"""A lead comes in, or what is known of it changes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from sqlalchemy import Connection

from features.errors import NoModelError
from features.store.erased import forget_erasure
from features.store.fact_rules import FactRules
from features.store.facts import refresh_contents, refresh_facts
from features.store.leads import Keep, PutResult, put_lead
from features.topics import Subscriber
from serving.http.documented import WITH_BODY, WITH_KEY, WITH_STORE, body_of, open_to, problems
from serving.http.idempotency import PARAMETER, Written
from serving.http.intake import sent_moment
from serving.http.json_body import parse_json, read_body
from serving.http.lead_id import LEAD_PATH, LeadId, read_lead_id
from serving.http.live_answers import PutLeadAnswer
from serving.http.live_bodies import MAX_ATTRIBUTES, PutLeadRequest
from serving.http.problems import not_acceptable
from serving.http.scorer import Scorer
from serving.http.service import CurrentService, Service
from serving.http.stored_attributes import StoredAttributes, StoredValue
from serving.http.wording import shape_errors
from serving.http.writers import MayWrite, may_write
from serving.live.recorded import record_hand_over
from serving.values.attribute_values import said
from serving.values.field_error import FieldError
from serving.values.times import write_moment

router = APIRouter(prefix="/v1/leads", tags=["live store"])


@dataclass(frozen=True)
class SentLead:
    """What a caller says of a lead, read and checked."""

    attributes: dict[str, StoredValue]
    handed_over_at: datetime | Keep | None
    owner: str | Keep | None
    warnings: list[str]


@router.put(
    LEAD_PATH,
    summary="Make a lead, or replace what is known of it",
    openapi_extra=open_to(may_write) | body_of(PutLeadRequest) | {"parameters": [PARAMETER]},
    responses={
        200: {"model": PutLeadAnswer},
        201: {"model": PutLeadAnswer, "description": "The lead is new"},
        **problems(*WITH_BODY, *WITH_KEY, *WITH_STORE),
    },
)
async def put(request: Request, lead_id: LeadId, caller: MayWrite, service: CurrentService) -> Response:
    """Keep what is known of a lead from now on; when this hands it over, its score goes into the ledger."""
    lead_id = read_lead_id(lead_id)
    body = b"".join(await read_body(request))
    now, scorer = service.now(), _scorer(service)
    read = partial(read_lead, scorer=scorer, zone=ZoneInfo(service.settings.timezone), now=now)
    settings = service.settings
    work = partial(
        _put, lead_id=lead_id, scorer=scorer, now=now, subscribers=settings.subscribers, rules=settings.fact_rules
    )
    return await service.once.write(request, caller, body, read, work)


def read_lead(body: bytes, scorer: Scorer | None, zone: tzinfo, now: datetime) -> SentLead:
    """Read what is sent of a lead. Raises ProblemError with all that is wrong."""
    value = parse_json(body)
    if not isinstance(value, dict):
        raise not_acceptable([FieldError("#", f"must be an object with attributes, not {said(value)}")])
    sent = value.get("attributes", {})
    if isinstance(sent, dict) and len(sent) > MAX_ATTRIBUTES:
        detail = f"has {len(sent)} attributes; at most {MAX_ATTRIBUTES} are kept"
        raise not_acceptable([FieldError("#/attributes", detail)])
    errors: list[FieldError] = []
    request = _shaped(value, errors)
    attributes = () if scorer is None else scorer.live.model.catalog.attributes
    values, warnings = StoredAttributes(attributes, zone).read(sent if isinstance(sent, dict) else {}, errors)
    handed_over_at = None if request is None else _hand_over(request, now, errors)
    if errors:
        raise not_acceptable(errors)
    assert request is not None, "a wrong shape is an error"
    owner = request.owner if "owner" in request.model_fields_set else Keep.KEEP
    return SentLead(values, handed_over_at, owner, warnings)


def _shaped(value: dict[str, Any], errors: list[FieldError]) -> PutLeadRequest | None:
    try:
        return PutLeadRequest.model_validate(value)
    except ValidationError as error:
        errors += shape_errors(error, PutLeadRequest)
        return None


def _hand_over(request: PutLeadRequest, now: datetime, errors: list[FieldError]) -> datetime | Keep | None:
    if "handed_over_at" not in request.model_fields_set:
        return Keep.KEEP
    if request.handed_over_at is None:
        return None
    return sent_moment(request.handed_over_at, "#/handed_over_at", now, errors)


def _scorer(service: Service) -> Scorer | None:
    try:
        return service.served.scorer()
    except NoModelError:
        return None


def _put(
    connection: Connection,
    sent: SentLead,
    lead_id: str,
    scorer: Scorer | None,
    now: datetime,
    *,
    subscribers: Sequence[Subscriber],
    rules: FactRules,
) -> Written:
    result = put_lead(
        connection, lead_id, sent.attributes, handed_over_at=sent.handed_over_at, owner=sent.owner, now=now
    )
    if result.created:
        forget_erasure(connection, lead_id)
    if result.handed_over and scorer is not None:
        record_hand_over(connection, result.lead, scorer.live, now, subscribers=subscribers)
    if result.handed_over:
        refresh_contents(connection, [lead_id])
    if result.changed:
        refresh_facts(connection, [lead_id], rules)
    status = 201 if result.created else 200
    return Written(status, orjson.dumps(_answer(result, sent.warnings)), [lead_id])


def _answer(result: PutResult, warnings: list[str]) -> dict[str, Any]:
    lead = result.lead
    return {
        "lead_id": lead.lead_id,
        "created": result.created,
        "changed": result.changed,
        "changed_at": write_moment(lead.changed_at),
        "handed_over_at": lead.handed_over_at and write_moment(lead.handed_over_at),
        "owner": lead.owner,
        "warnings": warnings,
    }
