"""Reads the text that LightGBM writes of a model, for shallow numeric trees; refuses everything else by name.

LightGBM's own parser ends the process on a truncated file. This one raises ValueError.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

MAX_SPLITS = 7  # a tree of depth 3
CATEGORICAL, DEFAULT_LEFT = 1, 2  # bits of LightGBM's decision_type
MISSING_NONE, MISSING_ZERO, MISSING_NAN = 0, 1, 2  # its next two bits


@dataclass(frozen=True)
class Tree:
    """One tree: k splits, k + 1 leaves. A child >= 0 is a split, a child < 0 the leaf `-child - 1`.

    `missing` says what a split makes of NaN: -inf goes left, +inf goes right, 0.0 is compared as zero.
    `leaf_count` and `split_count` are the training leads that came by, the weights of exact Shapley values.
    """

    column: NDArray[np.intp]
    threshold: NDArray[np.float64]
    missing: NDArray[np.float64]
    left: NDArray[np.intp]
    right: NDArray[np.intp]
    split_count: NDArray[np.float64]
    leaf_value: NDArray[np.float64]
    leaf_count: NDArray[np.float64]


def parse_trees(text: str) -> tuple[Tree, ...]:
    """Give the trees of a LightGBM model text.

    Raises ValueError where the text is cut off, is no binary model, or has trees deeper than three levels of splits,
    categorical splits, linear leaves or averaged output.
    """
    head, _, rest = text.partition("\nTree=")
    _check_head(head)
    body, mark, _ = rest.partition("\nend of trees")
    if not mark:
        raise ValueError("the text of the trees ends before 'end of trees': it is cut off")
    return tuple(_tree(dict(_fields(block))) for block in body.split("\nTree=")) if rest else ()


def _check_head(head: str) -> None:
    fields = dict(_fields(head))
    if not head.startswith("tree\n") or fields.get("num_class") != "1":
        raise ValueError("this is not the text of a LightGBM model with one output")
    if not fields.get("objective", "").startswith("binary sigmoid:1"):
        raise ValueError(f"objective {fields.get('objective')!r} is not 'binary sigmoid:1'")
    if "average_output" in head.split("\n"):
        raise ValueError("averaged output (random forest) is not supported")


def _fields(block: str) -> Iterator[tuple[str, str]]:
    for line in block.split("\n"):
        name, equals, value = line.partition("=")
        if equals:
            yield name, value


def _tree(fields: dict[str, str]) -> Tree:
    leaves = int(fields["num_leaves"])
    splits = leaves - 1
    if splits > MAX_SPLITS:
        raise ValueError(f"a tree has {splits} splits; at most {MAX_SPLITS} are supported (depth 3)")
    if fields.get("num_cat", "0") != "0" or fields.get("is_linear", "0") != "0":
        raise ValueError("categorical splits and linear leaves are not supported")
    leaf_value = _numbers(fields, "leaf_value", leaves)
    if splits == 0:
        none, ints = np.zeros(0), np.zeros(0, dtype=np.intp)
        return Tree(ints, none, none, ints, ints, none, leaf_value, np.ones(1))
    decision = _numbers(fields, "decision_type", splits).astype(int)
    tree = Tree(
        column=_numbers(fields, "split_feature", splits).astype(np.intp),
        # LightGBM writes inf where a split parts missing from known; every number known here is finite.
        threshold=np.minimum(_numbers(fields, "threshold", splits), np.finfo(np.float64).max),
        missing=np.array([_missing(each) for each in decision]),
        left=_numbers(fields, "left_child", splits).astype(np.intp),
        right=_numbers(fields, "right_child", splits).astype(np.intp),
        split_count=_numbers(fields, "internal_count", splits),
        leaf_value=leaf_value,
        leaf_count=_numbers(fields, "leaf_count", leaves),
    )
    _check_shape(tree)
    return tree


def _numbers(fields: dict[str, str], name: str, expected: int) -> NDArray[np.float64]:
    values = np.array(fields[name].split(), dtype=np.float64)
    if values.shape != (expected,) or np.isnan(values).any():
        raise ValueError(f"{name} of a tree has not the {expected} numbers it must have")
    return values


def _missing(decision: int) -> float:
    """Give what NaN is read as at a split, so that `value <= threshold` takes LightGBM's way."""
    kind = decision >> 2 & 3
    if decision & CATEGORICAL or kind == MISSING_ZERO:
        raise ValueError(f"decision_type {decision} (categorical, or zero as missing) is not supported")
    if kind == MISSING_NONE:
        return 0.0
    return -np.inf if decision & DEFAULT_LEFT else np.inf


def _check_shape(tree: Tree) -> None:
    """Every split but the root, and every leaf, hangs below exactly one split that comes before it."""
    children = np.concatenate([tree.left, tree.right])
    expected = sorted([*range(-len(tree.leaf_value), 0), *range(1, len(tree.column))])
    parents = np.concatenate([np.arange(len(tree.left))] * 2)
    if sorted(children.tolist()) != expected or (children[children > 0] <= parents[children > 0]).any():
        raise ValueError("a tree's splits do not hang together")
