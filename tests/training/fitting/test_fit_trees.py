"""The trees are shallow, and the same every time."""

import lightgbm
import numpy as np
import pytest

from serving.model.trees import TreesPart, TreeTables
from training.fitting.trees import DEFAULT_TREES, fit_trees, tree_margins, tree_parameters
from training.measuring.metrics import Floats


def leads(n: int = 600) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(5)
    matrix = chance.normal(size=(n, 8))
    matrix[::7, 2] = np.nan
    y = chance.random(n) < 1 / (1 + np.exp(-2 * (matrix[:, 0] * matrix[:, 1] > 0)))
    return matrix, y.astype(np.float64)


def deepest(node: dict[str, object]) -> int:
    children = [child for side in ("left_child", "right_child") if isinstance(child := node.get(side), dict)]
    return 1 + max(map(deepest, children)) if children else 0


def test_the_same_leads_and_seeds_give_the_same_texts() -> None:
    matrix, y = leads()

    assert fit_trees(matrix, y, 20, [1, 2]) == fit_trees(matrix, y, 20, [1, 2])


def test_each_seed_gives_other_trees() -> None:
    first, second = fit_trees(*leads(), 20, [1, 2])

    assert first.split("parameters:")[0] != second.split("parameters:")[0]


def test_no_tree_asks_more_than_three_questions_in_a_row() -> None:
    (text,) = fit_trees(*leads(), 30, [0])
    trees = lightgbm.Booster(model_str=text).dump_model()["tree_info"]

    assert len(trees) == 30
    assert max(deepest(tree["tree_structure"]) for tree in trees) == DEFAULT_TREES.depth


def test_margins_by_rounds_are_those_of_models_fitted_with_so_many() -> None:
    matrix, y = leads()
    by_rounds = tree_margins(matrix, y, matrix[:50], [5, 20], seed=1)

    for rounds, margin in by_rounds.items():
        booster = lightgbm.Booster(model_str=fit_trees(matrix, y, rounds, [1])[0])
        assert margin == pytest.approx(booster.predict(matrix[:50], raw_score=True))


@pytest.mark.parametrize("n", [12, 40])
def test_few_leads_still_give_trees_that_serving_can_read(n: int) -> None:
    matrix, y = leads(n)
    (text,) = fit_trees(matrix, y, 12, [0])
    tables = TreeTables(TreesPart.from_lightgbm([text]), np.arange(8), 8)
    added = np.zeros((n, 8), order="F")
    tables.add_contributions(matrix, 1.0, added)

    raw = lightgbm.Booster(model_str=text).predict(matrix, raw_score=True)
    assert tables.base + added.sum(axis=1) == pytest.approx(raw)


def test_a_bag_that_shares_its_binned_columns_is_that_of_fits_of_their_own() -> None:
    matrix, y = leads()
    expected = []
    for seed in (3, 4):
        parameters = tree_parameters(DEFAULT_TREES, len(y), seed)
        expected.append(lightgbm.train(parameters, lightgbm.Dataset(matrix, y, params=parameters), 15))

    assert fit_trees(matrix, y, 15, [3, 4]) == tuple(each.model_to_string() for each in expected)
