"""What is worked side by side is what is worked at once."""

import polars as pl
import pytest

from training.fitting import threads
from training.fitting.threads import MOST_AT_ONCE, in_slices, side_by_side
from training.measuring.metrics import Floats


def doubled(leads: pl.DataFrame) -> Floats:
    return 2 * leads.to_numpy(order="fortran").astype(float)


@pytest.mark.parametrize("leads", [0, 1, 9, 10, 11, 50, 97])
def test_slices_give_what_the_whole_table_gives_in_the_same_order(monkeypatch: pytest.MonkeyPatch, leads: int) -> None:
    monkeypatch.setattr(threads, "SLICE_LEADS", 10)
    table = pl.DataFrame({"visits": range(leads), "downloads": range(leads, 2 * leads)})
    found = in_slices(doubled, table)

    assert found.tolist() == doubled(table).tolist()
    assert found.shape == (leads, 2)


def test_results_come_in_the_order_of_the_items_however_many() -> None:
    assert side_by_side(str, range(3 * MOST_AT_ONCE)) == [str(at) for at in range(3 * MOST_AT_ONCE)]


def test_what_one_fit_raises_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        side_by_side(lambda each: 1 / each, [1, 0, 2])
