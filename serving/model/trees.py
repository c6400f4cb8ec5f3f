"""The trees part: shallow trees whose exact Shapley values are tabulated once, when the model is loaded.

A tree of depth 3 asks at most seven yes/no questions, so a lead's answers are one of 128 patterns, and what each
feature contributes depends on the pattern alone. Explaining a lead is then looking up a row per tree.

The values are the path-dependent Shapley values of Lundberg et al., "Consistent Individualized Feature Attribution
for Tree Ensembles" (2018), those that LightGBM's `pred_contrib` gives, computed by their definition.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import factorial

import numpy as np
from numpy.typing import NDArray

from serving.model.lightgbm_text import MAX_SPLITS, Tree, parse_trees

BITS = 8  # a pattern of answers is one byte
CHUNK_ROWS = 16_384  # a chunk's codes and contributions stay in a core's cache


@dataclass(frozen=True)
class TreesPart:
    """Trees of one or more LightGBM models ("bags"); the margin is the mean of the bags' raw scores (log-odds)."""

    trees: tuple[Tree, ...]
    bags: int

    @classmethod
    def from_lightgbm(cls, texts: Sequence[str]) -> "TreesPart":
        """Read the texts of the bags.

        Raises ValueError where a text is cut off or holds what is not supported (see `parse_trees`).
        """
        return cls(tuple(tree for text in texts for tree in parse_trees(text)), max(len(texts), 1))


@dataclass(frozen=True)
class _TreeTable:
    """One tree, tabulated: which questions it asks, and per pattern of answers what each feature contributes."""

    questions: tuple[tuple[int, int], ...]  # (source, rank of the threshold): yes where code <= rank
    features: tuple[int, ...]
    contributions: NDArray[np.float64]  # [features, 2 ** questions]


class TreeTables:
    """Contributions of features to the margin of a `TreesPart`, for whole tables and for one lead.

    `base` and a lead's contributions add up to its margin; `base` is the margin expected over the training leads
    that the tree counts tell of.
    """

    def __init__(self, part: TreesPart, feature_of_column: NDArray[np.intp], n_features: int) -> None:
        self.n_features = n_features
        thresholds: dict[tuple[int, float], set[float]] = {}
        for tree in part.trees:
            for column, missing, threshold in zip(tree.column, tree.missing, tree.threshold, strict=True):
                thresholds.setdefault((int(column), float(missing)), set()).add(float(threshold))
        self._sources = tuple(thresholds)
        self._cuts = tuple(np.array(sorted(each)) for each in thresholds.values())
        tabulated = [self._tabulate(tree, feature_of_column, part.bags) for tree in part.trees]
        self.base = sum((base for base, _ in tabulated), 0.0)
        self._tables = tuple(table for _, table in tabulated)
        self._prepare_rows(part.trees)

    def _tabulate(self, tree: Tree, feature_of_column: NDArray[np.intp], bags: int) -> tuple[float, _TreeTable]:
        base, columns, shapley = shapley_table(tree)
        features = sorted({int(feature_of_column[column]) for column in columns})
        contributions = np.zeros((len(features), shapley.shape[1]))
        for column, values in zip(columns, shapley, strict=True):
            contributions[features.index(int(feature_of_column[column]))] += values / bags
        source_of = {source: at for at, source in enumerate(self._sources)}
        questions = []
        for column, missing, threshold in zip(tree.column, tree.missing, tree.threshold, strict=True):
            source = source_of[int(column), float(missing)]
            questions.append((source, int(np.searchsorted(self._cuts[source], threshold))))
        return base / bags, _TreeTable(tuple(questions), tuple(features), contributions)

    def _prepare_rows(self, trees: Sequence[Tree]) -> None:
        """Lay all trees side by side, padded to a byte of questions, for one lead at a time."""
        count = len(trees)
        patterns = [2 ** len(table.questions) for table in self._tables]
        self._row_start = np.cumsum([0, *patterns])[:-1]  # the row of each tree's first pattern
        self._row_source = np.zeros((count, BITS), dtype=np.intp)
        self._row_threshold = np.full((count, BITS), -np.inf)
        feature = np.zeros((count, MAX_SPLITS), dtype=np.intp)
        self._row_table = np.zeros((sum(patterns), MAX_SPLITS))  # no larger than needed: each request looks all over it
        for at, (tree, table) in enumerate(zip(trees, self._tables, strict=True)):
            splits, start = len(table.questions), self._row_start[at]
            self._row_source[at, :splits] = [source for source, _ in table.questions]
            self._row_threshold[at, :splits] = tree.threshold
            feature[at, : len(table.features)] = table.features
            self._row_table[start : start + patterns[at], : len(table.features)] = table.contributions.T
        self._source_column = np.array([column for column, _ in self._sources], dtype=np.intp)
        self._source_missing = np.array([missing for _, missing in self._sources])
        self._row_feature = feature.ravel()

    def add_contributions(self, matrix: NDArray[np.float64], scale: float, into: NDArray[np.float64]) -> None:
        """Add `scale` times what each feature contributes, for float64[n, c], into float64[n, features]."""
        for start in range(0, len(matrix), CHUNK_ROWS):
            rows = slice(start, start + CHUNK_ROWS)
            added = np.zeros((self.n_features, len(matrix[rows])))
            codes = self._codes(matrix[rows])
            pattern = np.empty(added.shape[1], dtype=np.uint8)
            for table in self._tables:
                pattern[:] = 0
                for bit, (source, rank) in enumerate(table.questions):
                    pattern |= (codes[source] <= rank).view(np.uint8) << np.uint8(bit)
                for feature, contributions in zip(table.features, table.contributions, strict=True):
                    added[feature] += contributions.take(pattern)
            into[rows] += scale * added.T

    def _codes(self, matrix: NDArray[np.float64]) -> list[NDArray[np.uint16]]:
        """Rank each value among its column's thresholds, so that a question is one comparison of small integers."""
        codes: list[NDArray[np.uint16]] = []
        for (column, missing), cuts in zip(self._sources, self._cuts, strict=True):
            values = matrix[:, column]
            filled = np.where(np.isnan(values), missing, values)
            codes.append(np.searchsorted(cuts, filled).astype(np.uint16))
        return codes

    def row_contributions(self, row: NDArray[np.float64]) -> NDArray[np.float64]:
        """Give what each feature contributes to one lead's margin, float64[features]."""
        if not self._sources:  # no tree asks anything
            return np.zeros(self.n_features)
        values = row[self._source_column]
        missing = np.isnan(values)
        if missing.any():
            values = np.where(missing, self._source_missing, values)
        pattern = np.packbits(values.take(self._row_source) <= self._row_threshold, bitorder="little")
        contributions = self._row_table.take(self._row_start + pattern, axis=0)
        added = np.bincount(self._row_feature, weights=contributions.ravel(), minlength=self.n_features)
        return added.astype(np.float64, copy=False)


def shapley_table(tree: Tree) -> tuple[float, tuple[int, ...], NDArray[np.float64]]:
    """Give a tree's expected value, its columns, and each column's exact Shapley value per pattern of answers.

    The table is float64[columns, 2 ** splits]; bit j of a pattern is set where split j sends the lead left.
    """
    columns = tuple(sorted(set(tree.column.tolist())))
    splits = len(tree.column)
    if splits == 0:
        return float(tree.leaf_value[0]), (), np.zeros((0, 1))
    subsets = np.arange(2 ** len(columns))
    patterns = np.arange(2**splits)
    values: dict[int, NDArray[np.float64]] = {}
    for split in reversed(range(splits)):
        left, right = (_child(tree, values, int(side[split])) for side in (tree.left, tree.right))
        share = left[1] / (left[1] + right[1])
        known = np.where(patterns >> split & 1, left[0], right[0])
        expected = share * left[0] + (1 - share) * right[0]
        is_known = subsets >> columns.index(int(tree.column[split])) & 1
        values[split] = np.where(is_known[:, None], known, expected)
    return float(values[0][0, 0]), columns, _shapley_weights(len(columns)) @ values[0]


def _child(tree: Tree, values: dict[int, NDArray[np.float64]], child: int) -> tuple[NDArray[np.float64] | float, float]:
    """Give a child's value per subset and pattern, and how many training leads came by."""
    if child >= 0:
        return values[child], float(tree.split_count[child])
    return float(tree.leaf_value[-child - 1]), float(tree.leaf_count[-child - 1])


@lru_cache(maxsize=MAX_SPLITS + 1)
def _shapley_weights(count: int) -> NDArray[np.float64]:
    """Give W such that W @ v are the Shapley values of a game: v over all subsets (bit i: player i is in)."""
    weights = np.zeros((count, 2**count))
    for subset in range(2**count):
        size = subset.bit_count()
        for player in range(count):
            if subset >> player & 1:
                weights[player, subset] = factorial(size - 1) * factorial(count - size) / factorial(count)
            else:
                weights[player, subset] = -factorial(size) * factorial(count - size - 1) / factorial(count)
    return weights
