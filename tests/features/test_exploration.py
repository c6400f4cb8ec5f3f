"""Which leads are drawn at random: by their id alone."""

import numpy as np
import pytest

from features.exploration import choose_exploration

IDS = [f"lead {number}" for number in range(20_000)]


@pytest.mark.parametrize("share", [0.01, 0.05, 0.5])
def test_about_the_share_of_many_leads_is_drawn(share: float) -> None:
    assert choose_exploration(IDS, share, seed=0).mean() == pytest.approx(share, rel=0.1)


def test_a_lead_is_drawn_or_not_whichever_leads_stand_beside_it() -> None:
    whole = choose_exploration(IDS, 0.05, seed=3)

    assert choose_exploration(IDS[::-1][:500], 0.05, seed=3).tolist() == whole[::-1][:500].tolist()


def test_a_larger_share_keeps_those_of_a_smaller_one() -> None:
    small, large = (choose_exploration(IDS, share, seed=0) for share in (0.05, 0.1))

    assert not (small & ~large).any()


def test_another_seed_draws_others() -> None:
    first, second = (choose_exploration(IDS, 0.05, seed) for seed in (0, 1))

    assert (first & second).sum() < 0.2 * first.sum()


def test_no_share_draws_nobody_and_all_of_it_everybody() -> None:
    assert not choose_exploration(IDS, 0.0, seed=0).any()
    assert choose_exploration(IDS, 1.0, seed=0).all()
    assert choose_exploration([], 0.5, seed=0).tolist() == np.zeros(0, dtype=bool).tolist()
