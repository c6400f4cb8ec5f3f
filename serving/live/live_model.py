"""One model, ready to score what the store holds of leads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import polars as pl

from features.attributes import Attribute, Kind
from features.compute import feature_row, feature_table
from features.lead import AttributeValue, Event, Lead
from features.store.events import StoredEvent
from features.store.leads import Attributes
from features.tables import INSTANT, column_of
from serving.model.encoding import Value
from serving.model.scored import LeadScore
from serving.model.scoring import ScoringModel
from serving.values.attribute_values import AttributeReader

SHOWN_REASONS = 3

_DTYPES: Mapping[Kind, pl.DataType] = {
    Kind.NUMBER: pl.Float64(),
    Kind.FLAG: pl.Float64(),
    Kind.CATEGORY: pl.String(),
    Kind.DATE: INSTANT,
}


@dataclass(frozen=True)
class ScoredLead:
    """The score of a stored lead as of a moment, and the feature values it came from."""

    lead_id: str
    as_of: datetime
    model_version: str
    values: Sequence[Value]
    score: LeadScore


class LiveModel:
    """Scores stored leads by one model, one by one or as a table, with equal results.

    `zone` is the zone of dates that carry none. A stored value that the model cannot read counts as missing, and one
    that it does not know is passed over: what a CRM sends may be older, or meant for more, than this model.
    """

    def __init__(self, model: ScoringModel, zone: tzinfo) -> None:
        self.model = model
        self._reader = AttributeReader(model.catalog.attributes, zone)

    def score(
        self, lead_id: str, attributes: Attributes, events: Iterable[StoredEvent], as_of: datetime, reasons: int
    ) -> ScoredLead:
        """Score one lead with what the store holds of it, as of a moment."""
        lead, warnings = self._lead(attributes, events, as_of)
        values = feature_row(lead, self.model.catalog)
        warnings += self.model.warnings_of(lead, values)
        score = self.model.score_values(values, reasons, warnings)
        return ScoredLead(lead_id, as_of, self.model.version, values, score)

    def features(
        self,
        lead_ids: Sequence[str],
        attributes: Sequence[Attributes],
        events: pl.DataFrame,
        as_of: datetime | Sequence[datetime],
    ) -> pl.DataFrame:
        """Give the feature table of many leads, as of one moment or each as of its own, equal to what `score` has."""
        moments = [as_of] * len(lead_ids) if isinstance(as_of, datetime) else as_of
        columns = [self._column(attribute, attributes) for attribute in self.model.catalog.attributes]
        leads = pl.DataFrame(
            [pl.Series("lead_id", lead_ids, pl.String), pl.Series("as_of", moments, INSTANT), *columns]
        )
        return feature_table(leads, events, self.model.catalog)

    def _lead(
        self, attributes: Attributes, events: Iterable[StoredEvent], as_of: datetime
    ) -> tuple[Lead, tuple[str, ...]]:
        warnings: list[str] = []
        values = {
            attribute.name: self._value(attribute.name, attributes[attribute.name], warnings)
            for attribute in self.model.catalog.attributes
            if attribute.name in attributes
        }
        known = [Event(event.type, event.occurred_at, event.content) for event in events if event.occurred_at <= as_of]
        return Lead(values, known, as_of), tuple(warnings)

    def _column(self, attribute: Attribute, attributes: Sequence[Attributes]) -> pl.Series:
        name, ignored = attribute.name, list[str]()
        values = [self._value(name, each.get(name), ignored) for each in attributes]
        return pl.Series(column_of(attribute), values, _DTYPES[attribute.kind])

    def _value(self, name: str, stored: Any, warnings: list[str]) -> AttributeValue:
        if stored is None:
            return None
        try:
            return self._reader.read_one(name, stored)
        except ValueError as error:
            warnings.append(f"{name!r} {error}; it counts as missing")
            return None
