"""From a body to a lead that the model can score, or to the list of all that is wrong with it."""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from pydantic import ValidationError

from features.lead import Event, Lead
from features.problems import shorten
from serving.http.lead_body import MAX_EVENTS, ScoreRequest
from serving.http.problems import not_acceptable
from serving.http.wording import shape_errors
from serving.live.fast_clocks import CLOCK_TOLERANCE
from serving.model.scoring import ScoringModel
from serving.values.attribute_values import AttributeReader, said
from serving.values.field_error import SHOWN_ERRORS, FieldError
from serving.values.times import read_moment

MAX_MEMBERS = 16  # of a lead or an event: more is a flood, not a slip, and not looked at one by one


@dataclass(frozen=True)
class Intake:
    """A lead ready to be scored, and what its sender should know about how it was read."""

    lead_id: str
    lead: Lead
    reasons: int
    warnings: tuple[str, ...]


class IntakeReader:
    """Reads the leads that one model can score."""

    def __init__(self, model: ScoringModel, zone: tzinfo) -> None:
        self._attributes = AttributeReader(model.catalog.attributes, zone)

    def read(self, value: Any, now: datetime) -> Intake:
        """Read one lead. Raises ProblemError (422) with all that is wrong."""
        flood = _flood(value)
        if flood is not None:
            raise not_acceptable([flood])
        errors: list[FieldError] = []
        request = _shaped(value, errors)
        attributes = self._attributes.read(_attributes(value), errors)
        if request is None:
            raise not_acceptable(errors)
        as_of = _as_of(request, now, errors)
        events, ignored = _events(request, as_of, now, errors)
        if errors:
            raise not_acceptable(errors)
        warnings = () if not ignored else (f"{ignored} of the events came after as_of and do not count",)
        return Intake(request.lead_id, Lead(attributes, events, as_of), request.reasons, warnings)


def _shaped(value: Any, errors: list[FieldError]) -> ScoreRequest | None:
    try:
        return ScoreRequest.model_validate(value)
    except ValidationError as error:
        errors += shape_errors(error)
        return None


def _attributes(value: dict[str, Any]) -> dict[str, Any]:
    """Give the attributes even of a body whose shape is wrong elsewhere, to tell all that is wrong at once."""
    sent = value.get("attributes")
    return sent if isinstance(sent, dict) else {}


def _flood(value: Any) -> FieldError | None:
    """Find what would cost too much to check member by member."""
    if not isinstance(value, dict):
        return FieldError("#", f"must be an object with a lead, not {said(value)}")
    if len(value) > MAX_MEMBERS:
        return FieldError("#", f"has {len(value)} members; a lead has {len(ScoreRequest.model_fields)}")
    events = value.get("events")
    if not isinstance(events, list):
        return None
    if len(events) > MAX_EVENTS:
        return FieldError("#/events", f"has {len(events)} events; at most {MAX_EVENTS} are read: send the newest")
    for at, event in enumerate(events):
        if isinstance(event, dict) and len(event) > MAX_MEMBERS:
            return FieldError(f"#/events/{at}", f"has {len(event)} members; an event has three")
    return None


def _as_of(request: ScoreRequest, now: datetime, errors: list[FieldError]) -> datetime:
    if request.as_of is None:
        return now
    as_of = sent_moment(request.as_of, "#/as_of", now, errors)
    return now if as_of is None else as_of


def _events(request: ScoreRequest, as_of: datetime, now: datetime, errors: list[FieldError]) -> tuple[list[Event], int]:
    """Give the events up to `as_of`, and how many came after a moment that the caller chose."""
    events: list[Event] = []
    ignored = 0
    for at, sent in enumerate(request.events):
        if len(errors) > SHOWN_ERRORS:
            break
        occurred_at = sent_moment(sent.occurred_at, f"#/events/{at}/occurred_at", now, errors)
        if occurred_at is None:
            continue
        if occurred_at > as_of:
            if request.as_of is not None:
                ignored += 1
                continue
            occurred_at = as_of  # it happened, and a clock is a little fast
        events.append(Event(sent.type, occurred_at, sent.content or None))
    return events, ignored


def sent_moment(text: str, pointer: str, now: datetime, errors: list[FieldError]) -> datetime | None:
    """Read a moment that is not to come; what is wrong with it is added to `errors`."""
    try:
        moment = read_moment(text)
    except ValueError as error:
        errors.append(FieldError(pointer, f"{shorten(text)!r} {error}"))
        return None
    if moment - now > CLOCK_TOLERANCE:
        errors.append(FieldError(pointer, f"{text!r} lies in the future; check the clock and the zone"))
    return moment
