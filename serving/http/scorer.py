"""One model, ready to answer requests: what to send it, and a lead's answer."""

from datetime import datetime, tzinfo
from typing import Any

import orjson

from features.attributes import Attribute, Kind
from serving.http.intake import IntakeReader
from serving.http.metrics import Metrics
from serving.http.problems import ProblemError
from serving.http.times import write_moment
from serving.model.scoring import ScoringModel

SHOWN_WARNINGS = 20


class Scorer:
    """Answers for one model; made once, when the model is loaded."""

    def __init__(self, model: ScoringModel, zone: tzinfo, metrics: Metrics) -> None:
        self.version = model.version
        self._model = model
        self._intake = IntakeReader(model, zone)
        self._levels = {name: frozenset(levels) for name, levels in model.encoder.levels().items()}
        self._metrics = metrics
        self.description = orjson.dumps(_description(model))

    def answer(self, value: Any, now: datetime) -> dict[str, Any]:
        """Score one lead as sent. Raises ProblemError (422) with all that is wrong with it."""
        intake = self._intake.read(value, now)
        score = self._model.score_lead(intake.lead, intake.reasons)
        self._count(intake.lead.attributes)
        answer = {"lead_id": intake.lead_id} | score.to_json()
        answer["warnings"] = _bounded([*intake.warnings, *score.warnings])
        return answer | {"model_version": self.version, "as_of": write_moment(intake.lead.as_of)}

    def answer_or_problem(self, value: Any, now: datetime) -> dict[str, Any]:
        """Score one lead of many: its answer, or its own problem in the place of it."""
        try:
            return self.answer(value, now)
        except ProblemError as problem:
            lead_id = value.get("lead_id") if isinstance(value, dict) else None
            return {"lead_id": lead_id if isinstance(lead_id, str) else None} | problem.to_json()

    def _count(self, attributes: Any) -> None:
        self._metrics.leads_scored.inc()
        for name, levels in self._levels.items():
            value = attributes.get(name)
            if value is not None and value not in levels:
                self._metrics.unseen_levels.labels(name).inc()


def _bounded(warnings: list[str]) -> list[str]:
    more = len(warnings) - SHOWN_WARNINGS
    return warnings if more <= 0 else [*warnings[:SHOWN_WARNINGS], f"and {more} more"]


def _description(model: ScoringModel) -> dict[str, Any]:
    levels = model.encoder.levels()
    return {
        "version": model.version,
        "trained_at": write_moment(model.info.trained_at),
        "horizon_days": model.info.horizon_days,
        "quality": model.info.quality,
        "attributes": [_attribute(each, levels.get(each.name)) for each in model.catalog.attributes],
        "event_types": list(model.catalog.event_types),
    }


def _attribute(attribute: Attribute, levels: tuple[str, ...] | None) -> dict[str, Any]:
    known = list(levels or ()) if attribute.kind is Kind.CATEGORY else None
    return attribute.to_json() | {"levels": known}
