"""A model with its calibration moved: the same parts, ranking and grades; points and reasons stay exactly additive.

Log-odds are a constant plus what each feature adds, so a shift moves the constant and a scale multiplies every term,
the cuts of the grades and the points behind the evidence with them.
"""

from dataclasses import replace
from typing import Any

import numpy as np
from scipy.special import expit, logit

from serving.model.evidence import Cell, FeatureEvidence
from serving.model.grades import GradeCuts
from serving.model.scoring import Blend, ScoringModel
from training.drifting.reference import REFERENCE
from training.over_time.recalibration import Recalibration

ROUNDING = 1e-9  # a lead exactly at a cut stays at it, whichever way the last bit is rounded
RECALIBRATED = "recalibrated"  # its place in what the model says of its training


def recalibrated(
    model: ScoringModel, change: Recalibration, training: dict[str, Any], quality: dict[str, Any]
) -> ScoringModel:
    """Give the model whose log-odds are `change` applied to those of `model`.

    `training` is added to what it says of its training; `quality` takes the place of the evaluation.
    """
    blend, scale = model.blend, change.scale
    kept = _moved_reference(model.info.training, change)
    said = {RECALIBRATED: {"from": model.version, **change.to_json()}, **training}
    return replace(
        model,
        version="new",
        info=replace(model.info, training={**kept, **said}, quality=quality),
        blend=Blend(
            change.intercept + scale * blend.intercept, scale * blend.linear_weight, scale * blend.trees_weight
        ),
        centre=scale * model.centre,
        cuts=GradeCuts(_scaled_cuts(model.cuts.fit, scale), _scaled_cuts(model.cuts.engagement, scale)),
        evidence=tuple(_scaled_evidence(each, scale) for each in model.evidence),
    )


def _scaled_cuts(points: tuple[float, ...], scale: float) -> tuple[float, ...]:
    return tuple(scale * each + ROUNDING for each in points)


def _scaled_evidence(evidence: FeatureEvidence, scale: float) -> FeatureEvidence:
    def scaled(cell: Cell) -> Cell:
        return replace(cell, mean_points=scale * cell.mean_points)

    missing = evidence.missing
    return replace(
        evidence, cells=tuple(map(scaled, evidence.cells)), missing=None if missing is None else scaled(missing)
    )


def _moved_reference(training: dict[str, Any], change: Recalibration) -> dict[str, Any]:
    """Give what the model keeps of the leads it learned from, with the edges of their scores where those now are."""
    kept = training.get(REFERENCE)
    if kept is None:
        return training
    edges = expit(change.apply(logit(np.array(kept["score_edges"], dtype=np.float64))))
    return {**training, REFERENCE: {**kept, "score_edges": (edges + ROUNDING).tolist()}}
