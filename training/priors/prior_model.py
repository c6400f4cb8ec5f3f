"""The model before there is evidence: the same probability for every lead, moved by declared points alone.

It is of the same form as a learned one, so that it is served, explained and kept in the same way.
"""

from collections.abc import Sequence

import numpy as np
import polars as pl

from features.attributes import Kind
from features.catalog import Catalog
from features.findings import Finding, Severity
from serving.model.encoding import Column, Encoder, Role
from serving.model.linear import Knots, LinearPart
from serving.model.points import POINTS_PER_LOG_ODDS
from serving.model.scoring import NOT_ENOUGH_EVIDENCE, Blend
from training.fitting.blend import best_level
from training.fitting.encoding import fit_encoder
from training.fitting.fit import Fitted
from training.fitting.split import oldest
from training.measuring.metrics import Floats
from training.priors.prior_points import DeclaredPoints, unseen_levels
from training.priors.rate_belief import RateBelief

FEWEST_OF_EACH = 10  # SQLs, and others, below which nothing is learned: what ten leads have in common is chance
STEP = 1e-9  # of a threshold, relative: as near below it as no count and no amount comes


def is_enough(y: Floats, holdout_share: float) -> bool:
    """Say whether outcomes `y` [n] of 1 and 0, oldest first, are enough to learn from once the newest are kept back.

    >>> is_enough(np.array([1.0, 0.0] * 14), 0.3), is_enough(np.array([1.0, 0.0] * 15), 0.3)
    (False, True)
    """
    older = y[: learned_from(len(y), holdout_share)]
    sqls = int(older.sum())
    return min(sqls, len(older) - sqls) >= FEWEST_OF_EACH


def learned_from(leads: int, holdout_share: float) -> int:
    """Give how many leads, oldest first, are not kept back; a single lead is not."""
    return oldest(leads, holdout_share) if leads > 1 else leads


def prior_findings(
    belief: RateBelief, declared: Sequence[DeclaredPoints], features: pl.DataFrame, catalog: Catalog
) -> tuple[Finding, ...]:
    """Say that there is not enough evidence and what comes of it, and which declared levels no lead has."""
    others = belief.leads - belief.sqls
    points = f"moved by {len(declared)} declared points" if declared else "as [priors] points declares none"
    basis = "nothing is declared" if belief.declared_rate is None else f"{belief.declared_rate:.0%} is declared"
    detail = (
        f"{NOT_ENOUGH_EVIDENCE}: {belief.sqls:,} SQLs and {others:,} others are known, and learning takes "
        f"{FEWEST_OF_EACH} of each among the older leads. Until then every lead gets the same probability, "
        f"{belief.rate:.0%} ({belief.low:.0%} to {belief.high:.0%}; {basis}), {points}"
    )
    return (
        Finding("evidence", Severity.WARNING, None, detail),
        *unseen_levels(declared, features, catalog),
    )


def fit_prior(
    features: pl.DataFrame, belief: RateBelief, catalog: Catalog, declared: Sequence[DeclaredPoints] = ()
) -> Fitted:
    """Give a model whose mean probability over the leads of `features` is the believed rate.

    A declared value moves the log-odds by exactly its points; where there is none, all leads have the same score.
    """
    encoder = _with_columns(fit_encoder(features, catalog), declared)
    linear = _linear(encoder, declared)
    margin = linear.margin(encoder.encode_table(features))
    level = best_level(np.full(len(margin), belief.rate), margin)
    choices = {"state": NOT_ENOUGH_EVIDENCE, "rate": belief.to_json(), "declared_points": len(declared)}
    return Fitted(encoder, linear, (), Blend(level, 1.0, 0.0), choices)


def _with_columns(encoder: Encoder, declared: Sequence[DeclaredPoints]) -> Encoder:
    """Give the encoder with a column for each declared value, however rare it is among the leads."""
    wanted = dict.fromkeys(_column(encoder.catalog, each) for each in declared)
    return Encoder(encoder.catalog, tuple(dict.fromkeys([*encoder.columns, *wanted])))


def _column(catalog: Catalog, each: DeclaredPoints) -> Column:
    if catalog.features[each.feature].kind is Kind.CATEGORY:
        return Column(each.feature, Role.LEVEL, str(each.value))
    return Column(each.feature, Role.NUMBER)


def _linear(encoder: Encoder, declared: Sequence[DeclaredPoints]) -> LinearPart:
    weights = np.zeros(len(encoder.columns))
    steps: dict[int, list[DeclaredPoints]] = {}
    for each in declared:
        column = _column(encoder.catalog, each)
        at = encoder.columns.index(column)
        if column.role is Role.LEVEL:
            weights[at] = each.points / POINTS_PER_LOG_ODDS
        else:
            weights[at] = 1 / POINTS_PER_LOG_ODDS
            steps.setdefault(at, []).append(each)
    numbers = (at for at, column in enumerate(encoder.columns) if column.role is Role.NUMBER)
    return LinearPart(0.0, weights, {at: _knots(encoder, at, steps.get(at, [])) for at in numbers})


def _knots(encoder: Encoder, at: int, declared: Sequence[DeclaredPoints]) -> Knots:
    if not declared:
        return Knots(np.zeros(1), np.zeros(1))  # a missing number adds nothing either
    is_flag = encoder.catalog.features[encoder.columns[at].feature].kind is Kind.FLAG
    return _flag(declared) if is_flag else _stairs(declared)


def _flag(declared: Sequence[DeclaredPoints]) -> Knots:
    """Give the points of a flag's no and yes."""
    points = {float(each.value): each.points for each in declared}
    return Knots(np.array([0.0, 1.0]), np.array([points.get(0.0, 0.0), points.get(1.0, 0.0)]))


def _stairs(declared: Sequence[DeclaredPoints]) -> Knots:
    """Give the points of a number: each threshold that it reaches adds its own."""
    xs, ys = [], []
    reached = 0.0
    for each in sorted(declared, key=lambda one: float(one.value)):
        threshold = float(each.value)
        xs += [threshold - STEP * max(1.0, abs(threshold)), threshold]
        ys += [reached, reached + each.points]
        reached += each.points
    return Knots(np.array(xs), np.array(ys))
