"""When things happen in a week: a clock that runs fast in busy hours and stands still in dead ones."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Seconds = NDArray[np.int64]
Weeks = NDArray[np.float64]

WEEK_S = 7 * 86_400
MONDAY_S = -3 * 86_400  # Monday, 29 December 1969, counted from the epoch, which is a Thursday


@dataclass(frozen=True)
class Rhythm:
    """A week's 168 hourly weights, Monday 00:00 first; an hour's share of what happens is its share of the weights."""

    weights: tuple[float, ...]

    def busy_weeks(self, moments: Seconds) -> Weeks:
        """Give moments (seconds from the epoch) on the busy clock: whole weeks, and what is done of the last."""
        weeks, within_s = np.divmod(moments - MONDAY_S, WEEK_S)
        return weeks + np.interp(within_s / 3600, np.arange(169), self._done())

    def moments(self, busy_weeks: Weeks) -> Seconds:
        """Give the moments at which the busy clock shows `busy_weeks`: the inverse, order kept, whole seconds."""
        weeks = np.floor(busy_weeks)
        hours = np.interp(busy_weeks - weeks, self._done(), np.arange(169))
        return weeks.astype(np.int64) * WEEK_S + (hours * 3600).astype(np.int64) + MONDAY_S

    def _done(self) -> Weeks:
        done: Weeks = np.concatenate([[0.0], np.cumsum(self.weights)]) / sum(self.weights)
        return done


def week_of(weekday: tuple[float, ...], weekend: float) -> tuple[float, ...]:
    """Give a week's weights from a weekday's 24; Saturday and Sunday are `weekend` times as busy."""
    return weekday * 5 + tuple(weekend * weight for weight in weekday) * 2


VISITS = Rhythm(
    week_of((0.2,) * 6 + (0.6, 1.5) + (4.0,) * 4 + (2.5, 3.0) + (4.0,) * 4 + (2.5, 2.0, 2.0, 1.5, 0.8, 0.4), 0.3)
)
HAND_OVERS = Rhythm(week_of((0.0,) * 7 + (0.5, 2.0) + (4.0,) * 9 + (2.0, 1.0, 0.5, 0.3, 0.0, 0.0), 0.15))
OFFICE = Rhythm(week_of((0.0,) * 9 + (1.0, 1.5, 1.5, 1.0, 0.5, 0.5, 1.0, 1.5, 1.0) + (0.0,) * 6, 0.0))
