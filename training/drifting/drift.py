"""Drift: how the newest leads differ from those the champion learned from, and which difference matters."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Any

import numpy as np

from features.compute import feature_table
from features.findings import Severity
from serving.model.scored import ScoredTable
from serving.model.scoring import ScoringModel
from training.drifting.event_type_shifts import event_type_shifts
from training.drifting.feature_shifts import STABILITY, feature_shifts
from training.drifting.newest_leads import NewestLeads
from training.drifting.outcome_shifts import Matured, matured_outcomes, outcome_shifts
from training.drifting.reference import Reference, reference_of, score_counts
from training.drifting.shift import Share, Shift, grade, without_chance
from training.drifting.stability import chance_of_counts, population_stability
from training.measuring.metrics import Floats


@dataclass(frozen=True)
class Drift:
    """What a comparison found, the gravest first. `which` says which leads the `leads` newest are."""

    version: str
    trained_at: datetime
    learned: int
    leads: int
    which: str
    shifts: tuple[Shift, ...]
    matured: Matured | None

    @property
    def severity(self) -> Severity:
        """Give the gravest severity; `info` where nothing drifted."""
        return self.shifts[0].severity if self.shifts else Severity.INFO

    @property
    def found(self) -> tuple[Shift, ...]:
        """Give what drifted: all but `info`."""
        return tuple(shift for shift in self.shifts if shift.severity is not Severity.INFO)

    @property
    def errors(self) -> tuple[Shift, ...]:
        """Give what drifted so far that it calls for a training."""
        return tuple(shift for shift in self.shifts if shift.severity is Severity.ERROR)

    def to_json(self) -> dict[str, Any]:
        """Give the drift as plain JSON values."""
        counts = Counter(shift.severity for shift in self.shifts)
        return {
            "version": self.version,
            "trained_at": self.trained_at.isoformat(),
            "learned": self.learned,
            "leads": self.leads,
            "which": self.which,
            "severity": self.severity.value,
            "compared": len(self.shifts),
            "counts": {severity.value: counts[severity] for severity in Severity},
            "matured": self.matured and self.matured.to_json(),
            "shifts": [shift.to_json() for shift in self.shifts],
        }


def find_drift(model: ScoringModel, newest: NewestLeads) -> Drift:
    """Compare the newest leads with those the model learned from.

    A warning or error is both large (the thresholds stand with each comparison) and not the doing of chance, so few
    leads seldom say anything. Features are as of each lead's own hand-over, as in training. What sales left
    unworked was not learned from but is among the newest: where it is much, and chosen, that is a difference too.
    """
    features = feature_table(newest.leads, newest.events, model.catalog)
    scored = model.score_table(features)
    comparable = newest.leads.height and model.info.has_learned
    found = _shifts(model, newest, scored) if comparable else iter(())
    return Drift(
        version=model.version,
        trained_at=model.info.trained_at,
        learned=model.info.training["known"],
        leads=newest.leads.height,
        which=newest.which,
        shifts=without_chance(tuple(found)),
        matured=matured_outcomes(scored.probability, newest.y),
    )


def _shifts(model: ScoringModel, newest: NewestLeads, scored: ScoredTable) -> Iterator[Shift]:
    said, reference = model.info.training, reference_of(model)
    yield from newest.gone
    yield _score_shift(reference, scored.probability)
    yield from outcome_shifts(scored.probability, newest.y, (said["sql"], said["known"]))
    yield from feature_shifts(model, reference, scored)
    yield from event_type_shifts(model, newest.leads, newest.events, said["known"])


def _score_shift(reference: Reference, probabilities: Floats) -> Shift:
    learned = np.array(reference.score_leads, dtype=np.float64)
    newest = np.array(score_counts(probabilities, np.array(reference.score_edges)), dtype=np.float64)
    index = population_stability(learned, newest)
    mean = float(probabilities.mean())
    labels = _score_labels(reference.score_edges)
    shares = zip(labels, (learned / learned.sum()).tolist(), (newest / newest.sum()).tolist(), strict=True)
    return Shift(
        kind="score",
        feature=None,
        title="score",
        measure=index,
        learned=None,
        newest=mean,
        p_value=chance_of_counts(learned, newest),
        severity=grade(index, *STABILITY),
        detail=f"score: stability index {index:.2f} over the tenths of the leads learned from; mean score now "
        f"{100 * mean:.1f}; {newest[-1] / newest.sum():.1%} of the newest leads are where the best "
        f"{learned[-1] / learned.sum():.1%} were",
        shares=tuple(Share(*each) for each in shares),
    )


def _score_labels(edges: tuple[float, ...]) -> list[str]:
    """Say the ranges of score between probabilities.

    >>> _score_labels((0.052, 0.21))
    ['up to 5.2', '5.2 to 21.0', 'over 21.0']
    """
    ends = [f"{100 * edge:.1f}" for edge in edges]
    if not ends:
        return ["all"]
    between = [f"{low} to {high}" for low, high in pairwise(ends)]
    return [f"up to {ends[0]}", *between, f"over {ends[-1]}"]
