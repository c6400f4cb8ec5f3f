"""A lead to send to the service: usual attributes, and 30 events of every type in the last nine days."""

from datetime import datetime, timedelta
from itertools import cycle, islice
from typing import Any

from serving.http.welcome import example_lead
from serving.model.scoring import ScoringModel

EVENTS, REASONS = 30, 3


def sample_lead(model: ScoringModel, now: datetime) -> dict[str, Any]:
    """Give the body of `POST /v1/score`, with 30 events and 3 reasons."""
    types = islice(cycle(model.catalog.event_types), EVENTS)
    events = [
        {
            "type": event_type,
            "occurred_at": (now - timedelta(hours=7 * ago + 1)).isoformat(timespec="seconds"),
            "content": f"page-{ago % 7}",
        }
        for ago, event_type in enumerate(types)
    ]
    return example_lead(model, now) | {"events": events, "reasons": REASONS}
