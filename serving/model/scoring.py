"""The scoring model: from a lead to its probability, points, grades, segment and exact reasons.

The log-odds of a lead are a constant plus what each feature adds: the blend of the linear part and the trees is a
weighted sum of two additive models. Each feature's addition is centred on the training leads, so that 0 points are
the average training lead, and the reasons of a side add up to that side.
"""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.attributes import Side
from features.catalog import Catalog
from features.compute import feature_row
from features.lead import Lead
from serving.model.encoding import Encoder, Value
from serving.model.evidence import FeatureEvidence
from serving.model.grades import ENGAGEMENT_GRADES, FIT_GRADES, SEGMENTS, UPPER_HALF, GradeCuts, segment_rank
from serving.model.linear import LinearPart
from serving.model.linear_row import LinearRow
from serving.model.points import POINTS_PER_LOG_ODDS, probability_at
from serving.model.scored import Evidence, LeadScore, Reason, ScoredTable, SideScore, strongest_features
from serving.model.trees import TreesPart, TreeTables

SIDES = (Side.FIT, Side.ENGAGEMENT)
NOT_ENOUGH_EVIDENCE = "not enough evidence"  # the state of a model that has learned nothing yet


@dataclass(frozen=True)
class Blend:
    """`log-odds = intercept + linear_weight * linear margin + trees_weight * trees margin`."""

    intercept: float
    linear_weight: float
    trees_weight: float


@dataclass(frozen=True)
class ModelInfo:
    """What the model says of itself. `quality` is the evaluation on leads newer than those it was fitted on."""

    trained_at: datetime
    horizon_days: int
    company: str
    training: dict[str, Any] = field(default_factory=dict)
    quality: dict[str, Any] = field(default_factory=dict)

    @property
    def has_learned(self) -> bool:
        """Say whether the model learned from outcomes; else it rests on declared priors alone."""
        return self.training.get("state") != NOT_ENOUGH_EVIDENCE

    @property
    def learned_until(self) -> datetime | None:
        """Give when the newest lead that it learned from was handed over; None where it is not known, or none was."""
        until = self.training.get("learned_until", self.training.get("newest"))
        return None if until is None else datetime.fromisoformat(until)

    @property
    def learned_in_order(self) -> int:
        """Give how many leads had arrived with the newest that it learned from, it included; 0 where none was."""
        return int(self.training.get("learned_in_order", self.training.get("leads_in_order", 0)))

    @property
    def warnings(self) -> tuple[str, ...]:
        """Give what everybody who reads a score of this model must know."""
        if self.has_learned:
            return ()
        rate = self.quality["rate"]
        found = f"{rate['sqls']:,} SQLs of {rate['leads']:,} leads are known"
        about = f"the share that becomes SQLs may be anything from {rate['low']:.0%} to {rate['high']:.0%}"
        return (f"{NOT_ENOUGH_EVIDENCE}: {found}, so nothing is learned yet, and {about}",)


@dataclass(frozen=True)
class ScoringModel:
    """Scores leads one by one or as a table, with the same code that training evaluated.

    `centre` is float64[features]: the mean of each feature's addition to the log-odds over the training leads.
    """

    version: str
    info: ModelInfo
    encoder: Encoder
    linear: LinearPart
    trees: TreesPart
    blend: Blend
    centre: NDArray[np.float64]
    cuts: GradeCuts
    evidence: tuple[FeatureEvidence, ...]

    @property
    def catalog(self) -> Catalog:
        """Give the features, in order."""
        return self.encoder.catalog

    @cached_property
    def _tables(self) -> TreeTables:
        return TreeTables(self.trees, self.encoder.feature_of_column, len(self.catalog.features))

    @cached_property
    def _linear_row(self) -> LinearRow:
        return LinearRow(
            self.linear, self.encoder.feature_of_column, self.blend.linear_weight, len(self.catalog.features)
        )

    @cached_property
    def base(self) -> float:
        """Give the log-odds of the average training lead, at 0 points."""
        blend = self.blend
        constant = (
            blend.intercept + blend.linear_weight * self.linear.intercept + blend.trees_weight * self._tables.base
        )
        return float(constant + self.centre.sum())

    @cached_property
    def _side_of_feature(self) -> NDArray[np.intp]:
        return np.array([SIDES.index(feature.side) for feature in self.catalog.features], dtype=np.intp)

    @cached_property
    def _known_event_types(self) -> frozenset[str]:
        return frozenset((*self.catalog.event_types, *self.catalog.excluded_event_types))

    def additions(self, features: pl.DataFrame) -> NDArray[np.float64]:
        """Give what each feature adds to the log-odds before centring, float64[n, features]."""
        matrix = self.encoder.encode_table(features)
        added = np.zeros((features.height, len(self.catalog.features)), order="F")
        self.linear.add_contributions(matrix, self.encoder.feature_of_column, self.blend.linear_weight, added)
        self._tables.add_contributions(matrix, self.blend.trees_weight, added)
        return added

    def score_table(self, features: pl.DataFrame) -> ScoredTable:
        """Score a feature table (columns in any order) of n leads; a row's score does not depend on other rows."""
        return self.score_added(features, self.additions(features))

    def score_added(self, features: pl.DataFrame, added: NDArray[np.float64]) -> ScoredTable:
        """Score a feature table whose `additions` are at hand."""
        points = (added - self.centre) * POINTS_PER_LOG_ODDS
        fit, engagement = self._side_points(points)
        fit_rank, engagement_rank = self.cuts.rank_fit(fit), self.cuts.rank_engagement(engagement)
        return ScoredTable(
            catalog=self.catalog,
            features=features,
            probability=probability_at(self.base + (fit + engagement) / POINTS_PER_LOG_ODDS),
            fit_points=fit,
            engagement_points=engagement,
            fit_rank=fit_rank,
            engagement_rank=engagement_rank,
            segment_rank=segment_rank(fit_rank, engagement_rank),
            feature_points=points,
        )

    def _side_points(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Add up float64[n, features] by side, float64[2, n].

        Feature by feature, as for one lead: the last bits of a sum depend on its order, and a grade's cut is exact.
        """
        sums = np.zeros((len(SIDES), len(points)))
        for at, side in enumerate(self._side_of_feature.tolist()):
            sums[side] += points[:, at]
        return sums

    def score_lead(self, lead: Lead, reasons: int) -> LeadScore:
        """Score one lead with its `reasons` strongest reasons; features that add exactly nothing give no reason."""
        values = feature_row(lead, self.catalog)
        return self.score_values(values, reasons, self.warnings_of(lead, values))

    def score_values(self, values: list[Value], reasons: int, warnings: tuple[str, ...] = ()) -> LeadScore:
        """Score one lead's feature values, in catalogue order, equal to its row of a table to the last bit."""
        points = self._row_points(values)
        fit, engagement = np.bincount(self._side_of_feature, weights=points, minlength=len(SIDES)).tolist()
        fit_rank, engagement_rank = self.cuts.rank_fit(fit), self.cuts.rank_engagement(engagement)
        probability = probability_at(self.base + (fit + engagement) / POINTS_PER_LOG_ODDS)
        return LeadScore(
            probability=probability,
            score=round(100 * probability),
            points=fit + engagement,
            fit=SideScore(fit, FIT_GRADES[fit_rank]),
            engagement=SideScore(engagement, ENGAGEMENT_GRADES[engagement_rank]),
            segment=SEGMENTS[2 * (fit_rank >= UPPER_HALF) + (engagement_rank >= UPPER_HALF)],
            reasons=self._reasons(values, points, reasons),
            warnings=warnings,
        )

    def _row_points(self, values: list[Value]) -> NDArray[np.float64]:
        row = self.encoder.encode_row(values)
        added = self._linear_row.contributions(row)
        added += self.blend.trees_weight * self._tables.row_contributions(row)
        added -= self.centre
        added *= POINTS_PER_LOG_ODDS
        return added

    def _reasons(self, values: list[Value], points: NDArray[np.float64], count: int) -> tuple[Reason, ...]:
        if not count:
            return ()
        strongest = strongest_features(points, count)
        chosen = zip(strongest.tolist(), points[strongest].tolist(), strict=True)
        return tuple([self._reason(at, values[at], worth) for at, worth in chosen if worth != 0.0])

    def _reason(self, at: int, value: Value, points: float) -> Reason:
        feature, cell = self.catalog.features[at], self.evidence[at].cell(value)
        evidence = Evidence(cell.label, cell.leads, cell.conversion_rate) if cell and cell.leads else None
        return Reason(feature.name, feature.say(value), value, feature.side, points, evidence)

    def warnings_of(self, lead: Lead, values: list[Value]) -> tuple[str, ...]:
        """Give what whoever reads the score of this lead must know."""
        unseen = [
            f"{self.catalog.features[at].name!r}: {values[at]!r} is rare or was not seen in training"
            for at in self.encoder.unseen(values)
        ]
        known = self._known_event_types
        types = dict.fromkeys([event.type for event in lead.events if event.type not in known])
        return (
            *self.info.warnings,
            *unseen,
            *(f"event type {each!r} is not known to the model; it counts among all events" for each in types),
        )
