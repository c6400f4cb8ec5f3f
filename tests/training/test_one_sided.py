"""Leads that share one outcome, past what chance could do."""

import numpy as np
import polars as pl

from training.metrics import Floats
from training.one_sided import LEAST_LEADS, OneSided, one_sided

LEADS = 1_000


def group(rows: range) -> pl.Series:
    return pl.Series([at in rows for at in range(LEADS)])


def outcomes(won: range) -> Floats:
    """Give a fifth of SQLs everywhere, and `won` SQLs all."""
    y: Floats = (np.arange(LEADS) % 5 == 0).astype(np.float64)
    y[won] = 1.0
    return y


def test_leads_that_all_won_are_found() -> None:
    y = outcomes(range(100, 130))

    assert one_sided(group(range(100, 130)), y) == OneSided(30, won=True, share=30 / y.sum())


def test_leads_that_all_lost_are_found() -> None:
    y = outcomes(range(0))
    lost = pl.Series(np.arange(LEADS) % 5 == 1)

    assert one_sided(lost, y) == OneSided(200, won=False, share=200 / 800)


def test_one_exception_clears_a_group() -> None:
    y = outcomes(range(100, 130))
    y[110] = 0.0
    lost = np.arange(LEADS) % 5 == 1
    lost[5] = True

    assert one_sided(group(range(100, 130)), y) is None
    assert one_sided(pl.Series(lost), y * ~(np.arange(LEADS) % 5 == 1)) is None


def test_a_group_is_cleared_when_chance_could_make_it() -> None:
    y = outcomes(range(0))

    assert one_sided(pl.Series(np.arange(LEADS) % 25 == 1), y) is None  # 40 leads that lost: chance 1 in 7,500


def test_few_leads_prove_nothing() -> None:
    fewer = range(100, 100 + LEAST_LEADS - 1)

    assert one_sided(group(fewer), outcomes(fewer)) is None
    assert one_sided(group(range(0)), outcomes(fewer)) is None


def test_what_came_only_in_poor_months_is_judged_by_their_rate() -> None:
    y = np.zeros(LEADS)
    y[LEADS // 2 :: 2] = 1.0

    assert one_sided(group(range(LEADS // 2)), y) is None
