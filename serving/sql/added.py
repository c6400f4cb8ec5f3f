"""The steps of the query that add up, for groups of features, what both parts of the model add."""

from collections.abc import Sequence

import numpy as np
from sqlglot import exp

from serving.model.points import POINTS_PER_LOG_ODDS
from serving.model.scoring import ScoringModel
from serving.sql.codes import level_codes
from serving.sql.dialect import Dialect
from serving.sql.expressions import double, total
from serving.sql.idioms import looked_up
from serving.sql.linear_points import linear_points
from serving.sql.tree_points import pattern, tables

TREES_AT_ONCE = 500  # each is a column of a step, and PostgreSQL has at most 1,664 of them


def group_column(group: int) -> str:
    """Give the name of the column with the points of a group."""
    return f"p{group}"


def constant_and_linear(model: ScoringModel, groups: Sequence[int]) -> dict[str, exp.Expression]:
    """Give the points of each group through the linear part, less those of the average training lead.

    `groups` holds the group of each feature of the catalogue: 0, 1, 2 ...
    """
    centres = -POINTS_PER_LOG_ODDS * np.bincount(
        groups, weights=model.centre, minlength=2
    )  # two sides, even where one is empty
    parts: list[list[exp.Expression]] = [[double(float(centre))] for centre in centres]
    codes, scale = level_codes(model.encoder), POINTS_PER_LOG_ODDS * model.blend.linear_weight
    for at, group in enumerate(groups):
        added = linear_points(model, at, codes.get(at), scale)
        parts[group].extend([] if added is None else [added])
    return {group_column(group): total(each) for group, each in enumerate(parts)}


def tree_steps(
    model: ScoringModel, groups: Sequence[int], dialect: Dialect
) -> list[tuple[dict[str, exp.Expression], dict[str, exp.Expression]]]:
    """Give steps in pairs, so many trees at once: each tree's pattern of answers, then what they add to the groups."""
    scale = POINTS_PER_LOG_ODDS * model.blend.trees_weight / model.trees.bags
    trees = [tree for tree in model.trees.trees if len(tree.column)] if scale else []
    steps = []
    for start in range(0, len(trees), TREES_AT_ONCE):
        patterns: dict[str, exp.Expression] = {}
        added: dict[str, list[exp.Expression]] = {}
        for at, tree in enumerate(trees[start : start + TREES_AT_ONCE], start):
            patterns[f"t{at}"] = pattern(model, tree)
            for group, values in tables(model, tree, groups, scale).items():
                parts = added.setdefault(group_column(group), [exp.column(group_column(group))])
                parts.append(looked_up(dialect, values, exp.column(f"t{at}")))
        steps.append((patterns, {name: total(parts) for name, parts in added.items()}))
    return steps
