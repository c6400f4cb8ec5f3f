"""One column alone: what it tells of leads that came at the same time."""

import numpy as np
import polars as pl
import pytest
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from training.leak_guard.column_auc import chance_deviation, codes_auc, column_auc, rates_of_others, value_codes
from training.measuring.metrics import Floats

LEADS = 4_000


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(9)


def outcomes(chance: np.random.Generator, rate: float | Floats = 0.2) -> Floats:
    return (chance.random(LEADS) < rate).astype(np.float64)


def test_a_number_is_as_good_as_its_own_auc(chance: np.random.Generator) -> None:
    y = outcomes(chance)
    number = y + chance.normal(size=LEADS)

    assert column_auc(pl.Series(number), y) == pytest.approx(roc_auc_score(y, number), abs=0.02)


def test_a_number_whose_middle_wins_is_found_too(chance: np.random.Generator) -> None:
    y = outcomes(chance)
    number = np.where(y == 1, chance.normal(0, 0.2, LEADS), chance.choice([-2, 2], LEADS))

    assert column_auc(pl.Series(number), y) > 0.95


def test_being_empty_counts_as_a_value(chance: np.random.Generator) -> None:
    y = outcomes(chance)
    number = pl.Series(np.where(y == 1, chance.normal(size=LEADS), np.nan)).fill_nan(None)

    assert column_auc(number, y) == pytest.approx(1.0)


def test_a_column_that_follows_the_calendar_alone_knows_nothing(chance: np.random.Generator) -> None:
    month = np.arange(LEADS) // 50
    y = outcomes(chance, np.linspace(0.02, 0.5, LEADS))

    assert roc_auc_score(y, month) > 0.7
    assert column_auc(pl.Series(month), y) == pytest.approx(0.5, abs=0.03)


def test_names_of_which_each_lead_has_its_own_know_nothing(chance: np.random.Generator) -> None:
    names = pl.Series([f"person {at}" for at in chance.permutation(LEADS)])

    assert column_auc(names, outcomes(chance)) == pytest.approx(0.5, abs=0.03)


def test_it_is_the_mean_of_the_aucs_of_each_fold_in_each_block_of_time_weighed_by_pairs(
    chance: np.random.Generator,
) -> None:
    y = outcomes(chance)
    codes = chance.integers(0, 6, LEADS) + 2 * y.astype(np.intp)
    rates = rates_of_others(codes, y)
    parts = [slice(start + fold, start + 200, 5) for start in range(0, LEADS, 200) for fold in range(5)]
    aucs = [roc_auc_score(y[part], rates[part]) for part in parts]
    pairs = [y[part].sum() * (1 - y[part]).sum() for part in parts]

    assert codes_auc(codes, y) == pytest.approx(np.average(aucs, weights=pairs))


@pytest.mark.parametrize("y", [[1.0, 0.0, 0.0, 0.0, 0.0], [1.0, 0.0]])
def test_where_no_two_leads_can_be_compared_it_is_chance(y: list[float]) -> None:
    assert column_auc(pl.Series(y), np.array(y)) == 0.5


def test_chance_moves_the_auc_by_the_deviation_said(chance: np.random.Generator) -> None:
    y = np.array([1.0] * 30 + [0.0] * 70)
    drawn = [roc_auc_score(y, chance.random(100)) for _ in range(500)]

    assert np.std(drawn) == pytest.approx(chance_deviation(y), rel=0.1)


def test_a_lead_has_the_rate_of_the_leads_like_it_in_other_folds(chance: np.random.Generator) -> None:
    codes, y = chance.integers(0, 5, 100), (chance.random(100) < 0.5).astype(np.float64)

    assert rates_of_others(codes, y) == pytest.approx([_rate_of_others(codes, y, at) for at in range(100)])


def _rate_of_others(codes: NDArray[np.intp], y: Floats, at: int) -> float:
    others = [i for i in range(len(y)) if i % 5 != at % 5 and codes[i] == codes[at]]
    return float((y[others].sum() + 10 * y.mean()) / (len(others) + 10))


def test_values_are_numbered_by_level_and_by_range_with_missing_apart() -> None:
    assert value_codes(pl.Series(["b", None, "a", "b"])).tolist() == [2, 0, 1, 2]

    codes = value_codes(pl.Series([1.0, 2.0, None, 1.0]))
    assert codes[0] == codes[3]
    assert len({int(code) for code in codes}) == 3

    assert len(set(value_codes(pl.Series([None, None], dtype=pl.Float64)).tolist())) == 1
