"""One model, ready to answer requests: what to send it, and a lead's answer."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Any

import orjson

from features.attributes import Attribute, Kind
from features.lead import AttributeValue
from serving.http.intake import IntakeReader
from serving.http.problems import ProblemError
from serving.live.live_model import LiveModel, ScoredLead
from serving.model.scored import LeadScore
from serving.model.scoring import ScoringModel
from serving.values.times import write_moment

SHOWN_WARNINGS = 20

# Told of each lead, with its attributes whose value the model does not know, and those that have none.
Count = Callable[[Sequence[str], Sequence[str]], None]


class Scorer:
    """Answers for one model; made once, when the model is loaded from the folder `bundle`."""

    def __init__(self, model: ScoringModel, zone: tzinfo, count: Count, bundle: Path) -> None:
        self.version = model.version
        self.zone = zone
        self.bundle = bundle
        self.live = LiveModel(model, zone)
        self._model = model
        self._intake = IntakeReader(model, zone)
        self._levels = {name: frozenset(levels) for name, levels in model.encoder.levels().items()}
        self._attributes = tuple(attribute.name for attribute in model.catalog.attributes)
        names = enumerate(model.catalog.names)
        self._attributes_at = tuple((at, name) for at, name in names if name in model.catalog.over_attributes)
        self._count = count
        self.description = orjson.dumps(_description(model))

    def answer(self, value: Any, now: datetime) -> dict[str, Any]:
        """Score one lead as sent. Raises ProblemError (422) with all that is wrong with it."""
        intake = self._intake.read(value, now)
        score = self._model.score_lead(intake.lead, intake.reasons)
        known = intake.lead.attributes
        self._count(self._unseen(known), [name for name in self._attributes if known.get(name) is None])
        return self._answer(intake.lead_id, score, intake.warnings, intake.lead.as_of)

    def answer_stored(self, scored: ScoredLead) -> dict[str, Any]:
        """Give the answer of a lead that the store holds."""
        features, values = self._model.catalog.features, scored.values
        unseen = [features[at].name for at in self._model.encoder.unseen(values)]
        self._count(unseen, [name for at, name in self._attributes_at if values[at] is None])
        return self._answer(scored.lead_id, scored.score, (), scored.as_of)

    def _answer(self, lead_id: str, score: LeadScore, warnings: Sequence[str], as_of: datetime) -> dict[str, Any]:
        return {
            "lead_id": lead_id,
            **score.to_json(),
            "warnings": _bounded([*warnings, *score.warnings]),
            "model_version": self.version,
            "as_of": write_moment(as_of),
        }

    def answer_or_problem(self, value: Any, now: datetime) -> dict[str, Any]:
        """Score one lead of many: its answer, or its own problem in the place of it."""
        try:
            return self.answer(value, now)
        except ProblemError as problem:
            lead_id = value.get("lead_id") if isinstance(value, dict) else None
            return {"lead_id": lead_id if isinstance(lead_id, str) else None} | problem.to_json()

    def _unseen(self, attributes: Mapping[str, AttributeValue]) -> list[str]:
        values = ((name, attributes.get(name), levels) for name, levels in self._levels.items())
        return [name for name, value, levels in values if value is not None and value not in levels]


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
