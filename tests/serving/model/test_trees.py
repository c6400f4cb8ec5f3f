"""The tabulated trees give LightGBM's own raw scores and Shapley values, and refuse texts that are not whole."""

import lightgbm
import numpy as np
import pytest
from numpy.typing import NDArray

from serving.model.lightgbm_text import parse_trees
from serving.model.trees import TreesPart, TreeTables

COLUMNS = 12
Matrix = NDArray[np.float64]


def leads(rows: int, seed: int) -> Matrix:
    """Make numbers, 0/1 columns and missing values, one column never missing."""
    chance = np.random.default_rng(seed)
    matrix = chance.normal(size=(rows, COLUMNS))
    matrix[:, 8:] = matrix[:, 8:] > 0
    matrix[chance.random(matrix.shape) < 0.15] = np.nan
    matrix[:, 3] = np.nan_to_num(matrix[:, 3])
    return matrix


@pytest.fixture(scope="module")
def boosters() -> list[lightgbm.Booster]:
    matrix = leads(3_000, seed=1)
    log_odds = np.nan_to_num(matrix[:, 0] * matrix[:, 1] + matrix[:, 8] - np.isnan(matrix[:, 2]))
    y = np.random.default_rng(2).random(len(matrix)) < 1 / (1 + np.exp(-log_odds))
    options = {"objective": "binary", "max_depth": 3, "num_leaves": 8, "verbose": -1, "num_threads": 1}
    sampling = {"bagging_fraction": 0.7, "bagging_freq": 1, "feature_fraction": 0.6}
    return [lightgbm.train(options | sampling | {"seed": seed}, lightgbm.Dataset(matrix, y), 40) for seed in range(2)]


@pytest.fixture(scope="module")
def part(boosters: list[lightgbm.Booster]) -> TreesPart:
    return TreesPart.from_lightgbm([booster.model_to_string() for booster in boosters])


@pytest.fixture(scope="module")
def tables(part: TreesPart) -> TreeTables:
    return TreeTables(part, np.arange(COLUMNS), COLUMNS)


def contributions(tables: TreeTables, matrix: Matrix) -> Matrix:
    added = np.zeros((len(matrix), tables.n_features))
    tables.add_contributions(matrix, 1.0, added)
    return added


def test_base_and_contributions_add_up_to_lightgbms_raw_score(
    boosters: list[lightgbm.Booster], tables: TreeTables
) -> None:
    matrix = leads(2_000, seed=3)
    expected = np.mean([booster.predict(matrix, raw_score=True) for booster in boosters], axis=0)
    np.testing.assert_allclose(tables.base + contributions(tables, matrix).sum(axis=1), expected, atol=1e-9)


def test_contributions_are_lightgbms_own_shapley_values(boosters: list[lightgbm.Booster], tables: TreeTables) -> None:
    matrix = leads(300, seed=4)
    expected = np.mean([np.asarray(booster.predict(matrix, pred_contrib=True)) for booster in boosters], axis=0)
    np.testing.assert_allclose(contributions(tables, matrix), expected[:, :-1], atol=1e-9)
    np.testing.assert_allclose(tables.base, expected[0, -1], atol=1e-9)


def test_one_lead_gets_what_it_gets_in_a_table(tables: TreeTables) -> None:
    matrix = leads(200, seed=5)
    one_by_one = np.array([tables.row_contributions(row) for row in matrix])
    np.testing.assert_allclose(one_by_one, contributions(tables, matrix), atol=1e-12)


def test_a_leads_contributions_do_not_depend_on_the_leads_beside_it(tables: TreeTables) -> None:
    matrix = leads(20_000, seed=6)  # more than one chunk
    np.testing.assert_array_equal(
        contributions(tables, matrix)[17_000:17_003], contributions(tables, matrix[17_000:17_003])
    )


def test_columns_of_one_feature_are_summed(part: TreesPart, tables: TreeTables) -> None:
    matrix = leads(100, seed=7)
    by_feature = TreeTables(part, np.repeat(np.arange(3), 4), 3)
    expected = contributions(tables, matrix).reshape(100, 3, 4).sum(axis=2)
    np.testing.assert_allclose(contributions(by_feature, matrix), expected, atol=1e-12)


def test_a_model_that_learned_nothing_is_a_constant() -> None:
    matrix = leads(100, seed=8)
    data = lightgbm.Dataset(matrix, np.arange(100) % 4 == 0, params={"verbose": -1})
    booster = lightgbm.train({"objective": "binary", "verbose": -1, "min_data_in_leaf": 90}, data, 3)
    part = TreesPart.from_lightgbm([booster.model_to_string()])
    tables = TreeTables(part, np.arange(COLUMNS), COLUMNS)
    np.testing.assert_allclose(tables.base, booster.predict(matrix, raw_score=True), atol=1e-12)
    assert not tables.row_contributions(matrix[0]).any()


@pytest.mark.parametrize("share", [0.0, 0.02, 0.1, 0.3, 0.5, 0.9])
def test_a_text_that_is_cut_off_is_refused(boosters: list[lightgbm.Booster], share: float) -> None:
    text = boosters[0].model_to_string()
    with pytest.raises(ValueError, match=r"cut off|not the text|objective"):
        parse_trees(text[: int(share * text.index("end of trees"))])


@pytest.mark.parametrize(
    ("found", "changed", "message"),
    [
        ("binary sigmoid:1", "regression", "objective 'regression'"),
        ("num_class=1", "num_class=3", "one output"),
        ("num_cat=0", "num_cat=1", "categorical splits"),
        ("leaf_value=", "leaf_value=0.5 ", "leaf_value of a tree"),
        ("left_child=1", "left_child=6", "do not hang together"),
        ("num_leaves=8", "num_leaves=31", "at most 7"),
    ],
)
def test_a_text_of_another_kind_is_refused(
    boosters: list[lightgbm.Booster], found: str, changed: str, message: str
) -> None:
    text = boosters[0].model_to_string()
    assert found in text
    with pytest.raises(ValueError, match=message):
        parse_trees(text.replace(found, changed, 1))
