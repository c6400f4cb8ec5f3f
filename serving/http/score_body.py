"""From the bytes of a request to the bytes of its answer, whichever process does it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson

from serving.http.json_body import parse_json
from serving.http.lead_body import MAX_LEADS
from serving.http.list_body import items_of
from serving.http.scorer import Scorer

FEW_LEADS = 5  # take no longer than one lead with many events


def score_lead_body(scorer: Scorer, body: bytes, now: datetime) -> bytes:
    """Score one lead. Raises ProblemError with all that is wrong with it."""
    return orjson.dumps(scorer.answer(parse_json(body), now))


def score_batch_body(scorer: Scorer, body: bytes, now: datetime) -> bytes:
    """Score many leads, a bad one answered by its own problem. Raises ProblemError where there is no list of them."""
    return _answers(scorer, items_of(parse_json(body), "leads", MAX_LEADS), now)


def score_few_leads(scorer: Scorer, body: bytes, now: datetime) -> bytes | None:
    """Score a batch of a few leads as `score_batch_body` does; None where there are more, and nothing is scored."""
    leads = items_of(parse_json(body), "leads", MAX_LEADS)
    return _answers(scorer, leads, now) if len(leads) <= FEW_LEADS else None


def _answers(scorer: Scorer, leads: Sequence[Any], now: datetime) -> bytes:
    results = [scorer.answer_or_problem(lead, now) for lead in leads]
    return orjson.dumps({"results": results, "model_version": scorer.version})
