"""The newest leads are kept back, and given out once."""

import numpy as np
import polars as pl
import pytest

from features.errors import DataError
from training.fitting.split import HoldoutOpenedError, oldest, split_by_time


def test_the_newest_share_is_kept_back_in_order() -> None:
    features = pl.DataFrame({"place": range(10)})
    older, older_y, holdout = split_by_time(features, np.arange(10.0), 0.3)
    newer, newer_y = holdout.open()

    assert older["place"].to_list() == older_y.tolist() == list(range(7))
    assert newer["place"].to_list() == newer_y.tolist() == [7, 8, 9]
    assert len(holdout) == 3


def test_the_holdout_is_not_given_out_twice() -> None:
    *_, holdout = split_by_time(pl.DataFrame({"place": range(10)}), np.zeros(10), 0.3)
    holdout.open()

    with pytest.raises(HoldoutOpenedError, match="scored already"):
        holdout.open()


@pytest.mark.parametrize(("leads", "share"), [(0, 0.3), (1, 0.3), (2, 0.89)])
def test_leads_too_few_to_cut_are_refused(leads: int, share: float) -> None:
    with pytest.raises(DataError, match=f"{leads} leads cannot be split by time; wait for more"):
        oldest(leads, share)
