"""Puts fitted parts together into the scoring model: centring, grade cuts and evidence, all from training leads."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.attributes import Kind
from features.catalog import Feature
from features.config import Config
from features.tables import Tables
from features.words import number
from serving.model.encoding import Encoder, Value
from serving.model.evidence import Cell, FeatureEvidence
from serving.model.grades import GradeCuts, cut_at_quantiles
from serving.model.linear import LinearPart
from serving.model.scored import ScoredTable
from serving.model.scoring import NOT_ENOUGH_EVIDENCE, Blend, ModelInfo, ScoringModel
from serving.model.trees import TreesPart
from training.drifting.reference import REFERENCE, make_reference
from training.fitting.threads import in_slices
from training.pipeline import Trained

RANGES = 5  # value ranges of a number on the points card: enough to see a shape, few enough to read
GOLDEN_ROWS = 16


def assemble_model(
    features: pl.DataFrame,
    y: NDArray[np.float64],
    *,
    encoder: Encoder,
    linear: LinearPart,
    texts: Sequence[str],
    blend: Blend,
    info: ModelInfo,
    fit_shares: Sequence[float] = (0.8, 0.5, 0.2),
    engagement_shares: Sequence[float] = (0.8, 0.5, 0.2),
) -> ScoringModel:
    """Give the scoring model of parts fitted on `features` (a row per training lead) and `y` (1 became an SQL, 0 not).

    `fit_shares` and `engagement_shares` are the quantiles at which grades are cut, descending.
    """
    model, scored = _centred(_draft(encoder, linear, texts, blend, info), features)
    return _completed(model, scored, y, fit_shares, engagement_shares)


def assemble_trained(config: Config, tables: Tables, trained: Trained) -> ScoringModel:
    """Give the scoring model of what a training gave, with what it says of itself."""
    newest = tables.leads["as_of"].max()
    info = ModelInfo(
        trained_at=datetime.now(UTC),
        horizon_days=config.label.horizon_days,
        company=config.company.name,
        training={
            **trained.label_summary,
            "state": NOT_ENOUGH_EVIDENCE if trained.belief else "learned",
            "newest": newest.isoformat() if isinstance(newest, datetime) else None,
            "leads_in_order": tables.leads.height,
        },
        quality={**trained.holdout.to_json(), **({"rate": trained.belief.to_json()} if trained.belief else {})},
    )
    fitted = trained.fitted
    model, scored = _centred(
        _draft(fitted.encoder, fitted.linear, fitted.trees_texts, fitted.blend, info), trained.features
    )
    kept = make_reference(scored).to_json()
    model = replace(model, info=replace(info, training={**info.training, REFERENCE: kept}))
    return _completed(model, scored, trained.y, config.grades.fit, config.grades.engagement)


def _draft(encoder: Encoder, linear: LinearPart, texts: Sequence[str], blend: Blend, info: ModelInfo) -> ScoringModel:
    """Give the model of fitted parts, which knows nothing yet of the leads that they were fitted on."""
    return ScoringModel(
        version="new",
        info=info,
        encoder=encoder,
        linear=linear,
        trees=TreesPart.from_lightgbm(texts),
        blend=blend,
        centre=np.zeros(len(encoder.catalog.features)),
        cuts=GradeCuts((0.0, 0.0, 0.0), (0.0, 0.0, 0.0)),
        evidence=(),
    )


def _centred(draft: ScoringModel, features: pl.DataFrame) -> tuple[ScoringModel, ScoredTable]:
    """Give the model with 0 points for the average of these leads, and how it scores them, grades aside."""
    added = in_slices(draft.additions, features)
    model = replace(draft, centre=added.mean(axis=0))
    return model, model.score_added(features, added)


def _completed(
    model: ScoringModel,
    scored: ScoredTable,
    y: NDArray[np.float64],
    fit_shares: Sequence[float],
    engagement_shares: Sequence[float],
) -> ScoringModel:
    """Give the model with its grades and evidence, from the leads that it was fitted on, as it scores them."""
    features, encoder = scored.features, model.encoder
    return replace(
        model,
        cuts=GradeCuts(
            cut_at_quantiles(scored.fit_points, fit_shares),
            cut_at_quantiles(scored.engagement_points, engagement_shares),
        ),
        evidence=tuple(
            feature_evidence(feature, features[feature.name], y, scored.feature_points[:, at], encoder)
            for at, feature in enumerate(encoder.catalog.features)
        ),
    )


def feature_evidence(
    feature: Feature, values: pl.Series, y: NDArray[np.float64], points: NDArray[np.float64], encoder: Encoder
) -> FeatureEvidence:
    """Give a feature's training leads by value range or level, with their SQLs and mean points.

    Leads of which nothing is known (`y` is NaN) count in no cell.
    """
    missing = values.is_null().to_numpy()
    if feature.kind is Kind.CATEGORY:
        levels = encoder.levels()[feature.name]
        groups = values.replace_strict({level: at for at, level in enumerate(levels)}, default=len(levels)).to_numpy()
        labels = [*levels, "any other"]
        edges: tuple[float, ...] = ()
    else:
        levels, numbers = (), values.to_numpy()
        edges = range_edges(numbers[~missing & ~np.isnan(y)])
        groups = np.searchsorted(edges, numbers, side="left")
        labels = [_range_label(feature, numbers[~missing & (groups == at)]) for at in range(len(edges) + 1)]
    cells = [_cell(label, ~missing & (groups == at), y, points) for at, label in enumerate(labels)]
    known = tuple(cell for at, cell in enumerate(cells) if cell.leads or at < len(levels))
    return FeatureEvidence(edges, levels, known, _cell("not known", missing, y, points) if missing.any() else None)


def range_edges(numbers: NDArray[np.float64]) -> tuple[float, ...]:
    """Give the upper ends of all ranges but the last: each value its own where there are few, else fifths.

    >>> range_edges(np.array([0.0, 0.0, 1.0, 2.0]))
    (0.0, 1.0)
    """
    distinct = np.unique(numbers)
    if len(distinct) > RANGES:
        shares = np.arange(1, RANGES) / RANGES
        distinct = np.unique([*np.quantile(numbers, shares, method="lower"), distinct[-1]])
    return tuple(distinct[:-1].tolist())


def golden_rows(model: ScoringModel, features: pl.DataFrame, seed: int) -> list[list[Value]]:
    """Make up rows of feature values, each value drawn apart from the others, so that none is a real lead's row."""
    chance = np.random.default_rng(seed)
    rows = chance.integers(features.height, size=(GOLDEN_ROWS, len(model.catalog.features)))
    columns = [features[feature.name].gather(rows[:, at]) for at, feature in enumerate(model.catalog.features)]
    return [list(row) for row in zip(*(column.to_list() for column in columns), strict=True)]


def _cell(label: str, chosen: NDArray[np.bool_], y: NDArray[np.float64], points: NDArray[np.float64]) -> Cell:
    chosen = chosen & ~np.isnan(y)
    leads = int(chosen.sum())
    return Cell(label, leads, int(y[chosen].sum()), float(points[chosen].mean()) if leads else 0.0)


def _range_label(feature: Feature, numbers: NDArray[np.float64]) -> str:
    if not len(numbers):
        return "none"
    low, high = float(numbers.min()), float(numbers.max())
    if feature.kind is Kind.FLAG:
        return "yes" if low else "no"
    return number(low) if low == high else f"{number(low)} to {number(high)}"
