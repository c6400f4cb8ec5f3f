"""Wilson's interval, against another derivation of it and where rates are 0 and 1."""

import pytest
from scipy.stats import binomtest

from features.wilson import wilson


@pytest.mark.parametrize(("positives", "leads"), [(0, 1), (1, 1), (3, 10), (20, 50), (999, 1_000)])
def test_it_equals_scipys(positives: int, leads: int) -> None:
    expected = binomtest(positives, leads).proportion_ci(method="wilson")

    assert wilson(positives, leads) == pytest.approx((expected.low, expected.high), abs=1e-9)


def test_no_leads_say_nothing() -> None:
    assert wilson(0, 0) == (0.0, 1.0)
