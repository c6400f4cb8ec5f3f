"""The recipe: from a feature table and outcomes to everything a scoring model is made of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

import numpy as np
import polars as pl

from features.catalog import Catalog
from features.config import Training
from features.errors import DataError
from features.problems import Problem
from serving.model.encoding import Encoder
from serving.model.linear import LinearPart
from serving.model.points import probability_at
from serving.model.scoring import Blend
from serving.model.trees import TreesPart, TreeTables
from training.fitting.blend import FoldMargins, fit_blend, log_odds, loss_at_best_level
from training.fitting.encoding import fit_encoder
from training.fitting.linear import linear_margins
from training.fitting.parts import fit_parts
from training.fitting.threads import in_slices, side_by_side
from training.fitting.trees import tree_margins
from training.fitting.walk_forward import Fold, folds, thinned
from training.measuring.metrics import Floats

STRENGTHS = (0.1, 0.3, 1.0, 3.0)  # stronger or weaker ones won inside the training period and lost after it
ROUNDS = (12, 25, 50, 100, 200, 400)
Setting = TypeVar("Setting", int, float)
CAUTIOUS_STRENGTH, CAUTIOUS_ROUNDS = 0.1, 25  # where too few outcomes leave nothing to choose by


@dataclass(frozen=True)
class Fitted:
    """What a fit gives. `choices` says what was chosen and by which numbers, as plain JSON values."""

    encoder: Encoder
    linear: LinearPart
    trees_texts: tuple[str, ...]
    blend: Blend
    choices: dict[str, Any]

    def probabilities(self, features: pl.DataFrame) -> Floats:
        """Give the probability of each lead, float64[n], by the code that serves them."""
        features_read = len(self.encoder.catalog.features)
        tables = TreeTables(TreesPart.from_lightgbm(self.trees_texts), self.encoder.feature_of_column, features_read)
        return in_slices(partial(self._probabilities, tables), features)

    def _probabilities(self, tables: TreeTables, features: pl.DataFrame) -> Floats:
        matrix = self.encoder.encode_table(features)
        trees = np.zeros((len(matrix), tables.n_features), order="F")
        tables.add_contributions(matrix, 1.0, trees)
        blend = self.blend
        margin = blend.intercept + blend.linear_weight * self.linear.margin(matrix)
        return np.asarray(probability_at(margin + blend.trees_weight * (tables.base + trees.sum(axis=1))))


def fit_recipe(features: pl.DataFrame, y: Floats, catalog: Catalog, training: Training) -> Fitted:
    """Fit on leads in order of arrival, oldest first; `y` is float64[n] of 1 and 0.

    Strength and rounds are chosen, and the parts weighed, by walking forward inside these leads; then both parts are
    fitted on all of them. Raises DataError where only one outcome is there.
    """
    refuse_one_outcome(y)
    encoder = fit_encoder(features, catalog)
    strength, rounds, blend, choices = _choose(features, y, catalog, training)
    matrix = encoder.encode_table(features)
    linear, texts = fit_parts(encoder, matrix, y, training, strength=strength, rounds=rounds)
    return Fitted(encoder, linear, texts, blend, choices)


def refuse_one_outcome(y: Floats) -> None:
    """Raise DataError unless `y` holds both outcomes."""
    positives = int(y.sum())
    if positives in (0, len(y)):
        what = f"of {len(y)} leads to learn from, {positives} became SQLs: both outcomes are needed"
        raise DataError([Problem(what, "add leads of the other outcome, or check which values count as SQL")])


def _choose(
    features: pl.DataFrame, y: Floats, catalog: Catalog, training: Training
) -> tuple[float, int, Blend, dict[str, Any]]:
    rows = thinned(len(y))
    chosen_by, outcomes = features[rows], y[rows]
    walked = folds(outcomes)
    margins_of = partial(_fold_margins, chosen_by, outcomes, catalog, training)
    pairs = side_by_side(margins_of, walked)
    linear, trees = [pair[0] for pair in pairs], [pair[1] for pair in pairs]
    newer = [outcomes[fold.start : fold.end] for fold in walked]
    strength, strength_losses = _best(linear, newer, CAUTIOUS_STRENGTH)
    rounds, rounds_losses = _best(trees, newer, CAUTIOUS_ROUNDS)
    margins = [
        FoldMargins(a[strength], b[rounds], after, log_odds(outcomes[: fold.start]))
        for a, b, after, fold in zip(linear, trees, newer, walked, strict=True)
    ]
    blend = fit_blend(margins, log_odds(y), rarer=float(min(y.sum(), len(y) - y.sum())))
    return (
        strength,
        rounds,
        blend,
        {
            "strength": strength,
            "rounds": rounds,
            "folds": len(newer),
            "strength_losses": strength_losses,
            "rounds_losses": rounds_losses,
            "linear_weight": blend.linear_weight,
            "trees_weight": blend.trees_weight,
            "level": blend.intercept,
            "beats_base_rate": blend.linear_weight + blend.trees_weight > 0,
            "leads_chosen_by": len(rows),
        },
    )


def _fold_margins(
    features: pl.DataFrame, y: Floats, catalog: Catalog, training: Training, fold: Fold
) -> tuple[dict[float, Floats], dict[int, Floats]]:
    """Fit on the fold's older leads; give the newer leads' log-odds by strength, and by rounds."""
    older = features[: fold.start]
    encoder = fit_encoder(older, catalog)
    matrix, newer = encoder.encode_table(older), encoder.encode_table(features[fold.start : fold.end])
    known = y[: fold.start]
    linear = linear_margins(encoder, matrix, known, newer, STRENGTHS)
    return linear, tree_margins(matrix, known, newer, ROUNDS, training.random_state, settings=training.trees)


def _best(
    margins: Sequence[Mapping[Setting, Floats]], newer: Sequence[Floats], cautious: Setting
) -> tuple[Setting, dict[str, float]]:
    """Give the setting with the least mean loss over the folds, and each one's; `cautious` without folds.

    The level is left free: base rates move, and what is chosen here is the shape.
    """
    if not margins:
        return cautious, {}
    losses = {
        key: float(np.mean([loss_at_best_level(y, fold[key]) for fold, y in zip(margins, newer, strict=True)]))
        for key in margins[0]
    }
    return min(losses, key=losses.__getitem__), {str(key): loss for key, loss in losses.items()}
