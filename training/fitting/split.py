"""Splitting by time: the newest leads are kept back and scored once."""

from math import floor

import polars as pl

from features.errors import DataError
from features.problems import Problem
from training.measuring.metrics import Floats


class HoldoutOpenedError(RuntimeError):
    """The holdout was asked for a second time: numbers chosen by looking at it twice would be too good."""


class Holdout:
    """The newest leads, given out once."""

    def __init__(self, features: pl.DataFrame, y: Floats) -> None:
        self._features, self._y = features, y
        self._opened = False

    def __len__(self) -> int:
        return len(self._y)

    def open(self) -> tuple[pl.DataFrame, Floats]:
        """Give features and outcomes, the first time; HoldoutOpenedError ever after."""
        if self._opened:
            raise HoldoutOpenedError("the holdout was scored already; a second look would choose by it")
        self._opened = True
        return self._features, self._y


def oldest(leads: int, holdout_share: float) -> int:
    """Give how many of the leads, oldest first, are trained on; ties in time stay in the order of arrival.

    Raises DataError where nothing would be left on one side.

    >>> oldest(10, 0.3)
    7
    """
    trained = floor(leads * (1 - holdout_share) + 1e-9)
    if not 0 < trained < leads:
        raise DataError([Problem(f"{leads} leads cannot be split by time", "wait for more leads with an outcome")])
    return trained


def split_by_time(features: pl.DataFrame, y: Floats, holdout_share: float) -> tuple[pl.DataFrame, Floats, Holdout]:
    """Cut leads in order of arrival, oldest first, into what is trained on and the holdout."""
    cut = oldest(len(y), holdout_share)
    return features[:cut], y[:cut], Holdout(features[cut:], y[cut:])
