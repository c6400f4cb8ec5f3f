"""Names what was missed of the agreement in a week, so that nobody argues about whose fault it was."""

from dataclasses import dataclass
from enum import StrEnum

from serving.reports.agreement.delivered import Delivered
from serving.reports.chance import Verdict


class Miss(StrEnum):
    """A promise that was not kept."""

    VOLUME = "volume"
    QUALITY = "quality"
    SPEED = "speed"
    CAPACITY = "capacity"


@dataclass(frozen=True)
class Promise:
    """What was promised of a delivery; None where nothing was. `is_complete`: all of it is there to be judged."""

    leads: int | None
    good_fit_share: float | None
    is_complete: bool


def misses_of(delivered: Delivered, promise: Promise, comparisons: int = 1) -> tuple[Miss, ...]:
    """Name the promises that a delivery missed, each by its own rule.

    volume: it is complete, and has fewer leads than promised.
    quality: it is complete, and the share of fit A or B, of the leads that have a grade, is below the promised one; or
    its leads became fewer SQLs than their own probabilities said, by more than chance explains (see `chance.verdict`;
    `comparisons`: how many deliveries are looked at side by side).
    capacity: leads were not worked in time, and there were more of them than promised.
    speed: leads were not worked in time, and of the promised number (of all, where no number was promised or fewer
    came) some are among them. So where more came than promised, sales owes the promised number and no more.
    """
    rules = {
        Miss.VOLUME: promise.is_complete and promise.leads is not None and delivered.leads < promise.leads,
        Miss.QUALITY: _is_short_of_quality(delivered, promise, comparisons),
        Miss.SPEED: _is_slow(delivered, promise),
        Miss.CAPACITY: bool(delivered.breaches) and promise.leads is not None and delivered.leads > promise.leads,
    }
    return tuple(miss for miss, is_missed in rules.items() if is_missed)


def _is_short_of_fit(delivered: Delivered, promise: Promise) -> bool:
    share = delivered.good_fit.share
    known = promise.is_complete and promise.good_fit_share is not None and share is not None
    return known and share < promise.good_fit_share  # type: ignore[operator]  # both are known


def _is_short_of_quality(delivered: Delivered, promise: Promise, comparisons: int) -> bool:
    return _is_short_of_fit(delivered, promise) or delivered.counted.verdict(comparisons) is Verdict.FEWER


def _is_slow(delivered: Delivered, promise: Promise) -> bool:
    owed = delivered.leads if promise.leads is None else min(promise.leads, delivered.leads)
    return delivered.leads - delivered.breaches < owed
