"""What leads did comes in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import ValidationError
from sqlalchemy import Connection

from features.store.events import StoredEvent, add_events
from features.store.fact_rules import FactRules
from features.store.facts import refresh_after_events
from features.store.schema import ID_CHARACTERS
from serving.http.documented import WITH_BODY, WITH_KEY, WITH_STORE, body_of, open_to, problems
from serving.http.idempotency import PARAMETER, Written
from serving.http.intake import MAX_MEMBERS, sent_moment
from serving.http.json_body import parse_json, read_body
from serving.http.list_body import items_of
from serving.http.live_answers import AddEventsAnswer
from serving.http.live_bodies import MAX_STORED_EVENTS, AddEventsRequest, StoredEventBody
from serving.http.problems import not_acceptable
from serving.http.service import CurrentService
from serving.http.wording import shape_errors
from serving.http.writers import MayWrite, may_write
from serving.values.attribute_values import said
from serving.values.field_error import FieldError

router = APIRouter(prefix="/v1/events", tags=["live store"])
NO_LEAD = "is no lead that is here; send it first, with PUT /v1/leads/{id}"
TAKEN = "is the id of another lead's event; give each event an id of its own"


@dataclass(frozen=True)
class SentEvents:
    """Events as they were sent: those that can be read, with their places, and what is wrong with the others.

    lead_ids: all leads that were named, readable events or not.
    """

    events: list[tuple[int, StoredEvent]]
    problems: list[dict[str, Any]]
    lead_ids: set[str]


@router.post(
    "",
    summary="Add up to 1,000 events",
    openapi_extra=open_to(may_write) | body_of(AddEventsRequest) | {"parameters": [PARAMETER]},
    responses={200: {"model": AddEventsAnswer}, **problems(*WITH_BODY, *WITH_KEY, *WITH_STORE)},
)
async def add(request: Request, caller: MayWrite, service: CurrentService) -> Response:
    """Keep events of leads that are here. An id that came before counts once; a bad event does not harm the others."""
    body, now = b"".join(await read_body(request)), service.now()
    work = partial(_add, now=now, rules=service.settings.fact_rules)
    return await service.once.write(request, caller, body, partial(read_sent_events, now=now), work)


def read_sent_events(body: bytes, now: datetime) -> SentEvents:
    """Read events. Raises ProblemError where there is no list of them; what is wrong with one is kept apart."""
    sent = SentEvents([], [], set())
    for place, value in enumerate(items_of(parse_json(body), "events", MAX_STORED_EVENTS)):
        errors: list[FieldError] = []
        event = _read_event(place, value, now, errors)
        sent.lead_ids.update(_lead_ids(value))
        if errors:
            sent.problems.append(_problem(place, value, errors))
        else:
            assert event is not None, "what could not be read is an error"
            sent.events.append((place, event))
    return sent


def _read_event(place: int, value: Any, now: datetime, errors: list[FieldError]) -> StoredEvent | None:
    pointer = f"#/events/{place}"
    if not isinstance(value, dict) or len(value) > MAX_MEMBERS:
        errors.append(FieldError(pointer, _no_event(value)))
        return None
    try:
        body = StoredEventBody.model_validate(value)
    except ValidationError as error:
        errors += shape_errors(error, StoredEventBody, root=pointer)
        return None
    moment = sent_moment(body.occurred_at, f"{pointer}/occurred_at", now, errors)
    if moment is None:
        return None
    return StoredEvent(body.event_id, body.lead_id, body.type, min(moment, now), body.content or None)


def _lead_ids(value: Any) -> list[str]:
    """Give the lead of an event, readable or not, where it can be the id of one."""
    lead_id = value.get("lead_id") if isinstance(value, dict) else None
    return [lead_id] if isinstance(lead_id, str) and len(lead_id) <= ID_CHARACTERS else []


def _no_event(value: Any) -> str:
    if isinstance(value, dict):
        return f"has {len(value)} members; an event has {len(StoredEventBody.model_fields)}"
    return f"must be an object with an event, not {said(value)}"


def _problem(place: int, value: Any, errors: Sequence[FieldError]) -> dict[str, Any]:
    event_id = value.get("event_id") if isinstance(value, dict) else None
    return {"index": place, "event_id": event_id if isinstance(event_id, str) else None} | not_acceptable(
        errors
    ).to_json()


def _add(connection: Connection, sent: SentEvents, now: datetime, rules: FactRules) -> Written:
    result = add_events(connection, [event for _, event in sent.events], now)
    if result.added:
        occurred = [(event.lead_id, event.occurred_at) for _, event in sent.events]
        refresh_after_events(connection, occurred, rules)
    refused = list(sent.problems)
    for places, member, detail in ((result.unknown, "lead_id", NO_LEAD), (result.taken, "event_id", TAKEN)):
        for place, event in (sent.events[each] for each in places):
            error = FieldError(f"#/events/{place}/{member}", detail)
            refused.append(_problem(place, {"event_id": event.event_id}, [error]))
    answer = {
        "added": result.added,
        "repeated": result.repeated,
        "refused": len(refused),
        "problems": sorted(refused, key=lambda problem: problem["index"]),
    }
    # Event ids in the answer, and the key that it is kept under, may be made of the id of any lead that was sent.
    return Written(200, orjson.dumps(answer), sorted(sent.lead_ids))
