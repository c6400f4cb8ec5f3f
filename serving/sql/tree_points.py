"""What the trees add: a lead's answers to a tree's questions make a number, which is looked up in the tree's table.

It is how `serving.model.trees` explains: the table holds, by pattern of answers, the Shapley values of the tree summed
over each group of features.
"""

from collections.abc import Mapping, Sequence

import numpy as np
from sqlglot import exp

from serving.model.encoding import Column, Role
from serving.model.lightgbm_text import Tree
from serving.model.scoring import ScoringModel
from serving.model.trees import shapley_table
from serving.sql.codes import code_of, level_codes
from serving.sql.expressions import choose, feature, is_null, number, total, whole

DECIMALS = 13  # of the points in a table: rounding a thousand trees stays far below 1e-9


def pattern(model: ScoringModel, tree: Tree) -> exp.Expression:
    """Give the place of a lead's answers in the tree's table: from 1, bit j for the question of split j."""
    codes = level_codes(model.encoder)
    splits = zip(tree.column.tolist(), tree.threshold.tolist(), tree.missing.tolist(), strict=True)
    bits = [
        _answer(model.encoder.columns[column], bound, missing <= bound, codes, 2**split)
        for split, (column, bound, missing) in enumerate(splits)
    ]
    return total([whole(1), *bits])


def _answer(
    column: Column, bound: float, missing_is_low: bool, codes: Mapping[int, Mapping[str, int]], bit: int
) -> exp.Expression:
    """Give `bit` where the column is at most `bound`, else 0."""
    value = feature(column.feature)
    if column.role is not Role.NUMBER:
        assert 0 <= bound < 1, "a question on a 0/1 column tells its zeros from its ones"
        return choose(_is_one(column, codes), whole(0), whole(bit))
    if missing_is_low:
        return choose(exp.GT(this=value, expression=number(bound)), whole(0), whole(bit))
    return choose(exp.LTE(this=value, expression=number(bound)), whole(bit), whole(0))


def _is_one(column: Column, codes: Mapping[int, Mapping[str, int]]) -> exp.Expression:
    value = feature(column.feature)
    if column.feature not in codes:
        return is_null(value)
    return exp.EQ(this=value, expression=whole(code_of(column, codes[column.feature])))


def tables(model: ScoringModel, tree: Tree, groups: Sequence[int], scale: float) -> dict[int, list[float]]:
    """Give, by group, `scale` times what the group's features add, for each pattern of answers.

    `groups` holds the group of each feature of the catalogue.
    """
    _, columns, shapley = shapley_table(tree)
    own = np.array([groups[model.encoder.columns[column].feature] for column in columns], dtype=int)
    summed = {group: shapley[own == group].sum(axis=0) * scale for group in sorted(set(own.tolist()))}
    return {group: values.round(DECIMALS).tolist() for group, values in summed.items()}
