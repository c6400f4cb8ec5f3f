"""What the terminal says when the service starts: where it is, and a call to try."""

import json
import shlex
from datetime import UTC, datetime, timedelta
from typing import Any

from features.attributes import Kind
from features.errors import BundleError
from serving.http.settings import ServiceSettings
from serving.model.bundle import read_bundle
from serving.model.evidence import FeatureEvidence
from serving.model.scoring import ScoringModel
from serving.published import current

EXAMPLE_EVENTS = 3


def welcome(settings: ServiceSettings) -> str:
    """Give the lines to print: the link, with the one-time token where no key was made yet, and a curl line."""
    place = f"http://{settings.host}:{settings.port}/"
    lines = [f"leadsift listens at {settings.one_time_link or place}"]
    if settings.one_time_token is not None:
        lines.append(
            "The link works while the service runs, on this machine alone. Make keys with: leadsift keys create"
        )
    try:
        published = current(settings.published)
        model = read_bundle(published.path, published.version) if published else None
    except BundleError as error:
        return "\n".join([*lines, f"The model cannot be served: {error}"])
    if model is None:
        return "\n".join(
            [*lines, "There is no model yet: make one with `leadsift train`; it is served as soon as it is there."]
        )
    return "\n".join([*lines, "", "Try it:", curl_line(place, settings.one_time_token or "$LEADSIFT_KEY", model), ""])


def curl_line(place: str, token: str, model: ScoringModel) -> str:
    """Give a call that scores a plausible lead of this company, to be pasted into a shell."""
    body = json.dumps(example_lead(model, datetime.now(UTC)), ensure_ascii=False)
    return (
        f'curl -s {place}v1/score -H "Authorization: Bearer {token}" '
        f"-H 'Content-Type: application/json' -d {shlex.quote(body)}"
    )


def example_lead(model: ScoringModel, now: datetime) -> dict[str, Any]:
    """Give a request whose attributes each have the value most common in training, with a few recent events."""
    evidence = dict(zip(model.catalog.names, model.evidence, strict=True))
    common = {
        attribute.name: _common_value(evidence[attribute.name], attribute.kind)
        for attribute in model.catalog.attributes
        if attribute.kind is not Kind.DATE
    }
    attributes = {name: value for name, value in common.items() if value is not None}
    days = range(1, EXAMPLE_EVENTS + 1)
    events = [
        {"type": event_type, "occurred_at": (now - timedelta(days=ago)).isoformat(timespec="seconds")}
        for event_type, ago in zip(model.catalog.event_types, days, strict=False)
    ]
    return {"lead_id": "example", "attributes": attributes, "events": events}


def _common_value(evidence: FeatureEvidence, kind: Kind) -> float | str | bool | None:
    if not evidence.cells:
        return None
    at = max(range(len(evidence.cells)), key=lambda cell: evidence.cells[cell].leads)
    if kind is Kind.CATEGORY:
        return evidence.levels[at] if at < len(evidence.levels) else None
    if kind is Kind.FLAG:
        return evidence.cells[at].label == "yes"
    return evidence.edges[min(at, len(evidence.edges) - 1)] if evidence.edges else None
