"""Leads that share one outcome, past what chance could do."""

import numpy as np
from numpy.typing import NDArray

from training.leak_guard.one_sided import LEAST_LEADS, OneSided, one_sided, one_sided_groups
from training.measuring.metrics import Floats

LEADS = 1_000


def group(rows: range) -> NDArray[np.bool_]:
    return np.array([at in rows for at in range(LEADS)])


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
    lost = np.arange(LEADS) % 5 == 1

    assert one_sided(lost, y) == OneSided(200, won=False, share=200 / 800)


def test_one_exception_clears_a_group() -> None:
    y = outcomes(range(100, 130))
    y[110] = 0.0
    lost = np.arange(LEADS) % 5 == 1
    lost[5] = True

    assert one_sided(group(range(100, 130)), y) is None
    assert one_sided(lost, y * ~(np.arange(LEADS) % 5 == 1)) is None


def test_a_few_slips_of_the_hand_do_not_clear_many_winners() -> None:
    tenth = np.arange(LEADS) % 10 == 3
    y = np.where(tenth, 1.0, outcomes(range(0)))
    y[[3, 13]] = 0.0

    assert one_sided(tenth, y) == OneSided(100, won=True, share=98 / y.sum(), exceptions=2)
    assert OneSided(100, won=True, share=0.35, exceptions=2).say() == (
        "100 leads, 98 of which became SQLs (35% of all SQLs)"
    )


def test_a_good_group_with_exceptions_is_cleared_where_other_leads_are_good_too() -> None:
    tenth = np.arange(LEADS) % 10 == 3
    y = np.where(tenth | (np.arange(LEADS) % 2 == 0), 1.0, 0.0)
    y[[3, 13]] = 0.0

    assert one_sided(tenth, y) is None


def test_groups_are_found_as_one_by_one() -> None:
    chance = np.random.default_rng(4)
    codes = chance.integers(-1, 12, LEADS)
    y = np.where(codes == 3, 1.0, np.where(codes == 5, 0.0, (chance.random(LEADS) < 0.4) * 1.0))
    one_by_one = {code: found for code in range(12) if (found := one_sided(codes == code, y))}

    assert set(one_by_one) == {3, 5}
    assert dict(one_sided_groups(codes, y)) == one_by_one


def test_a_group_is_cleared_when_chance_could_make_it() -> None:
    y = outcomes(range(0))

    assert one_sided(np.arange(LEADS) % 25 == 1, y) is None  # 40 leads that lost: chance 1 in 7,500


def test_few_leads_prove_nothing() -> None:
    fewer = range(100, 100 + LEAST_LEADS - 1)

    assert one_sided(group(fewer), outcomes(fewer)) is None
    assert one_sided(group(range(0)), outcomes(fewer)) is None


def test_what_came_only_in_poor_months_is_judged_by_their_rate() -> None:
    y = np.zeros(LEADS)
    y[LEADS // 2 :: 2] = 1.0

    assert one_sided(group(range(LEADS // 2)), y) is None
