"""Leads that share something, and one outcome."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from features.findings import Severity
from training.measuring.metrics import Floats

LEAST_LEADS = 20
SURPRISE = 1e-9  # how likely it may be, at most, that so many leads share one outcome by chance
EXCEPTIONS = 0.05  # of winners' leads may be slips of the hand; losers' groups with a few winners are everyday
LEAST_WITH_EXCEPTIONS = 50  # leads
FAR_FROM_OTHERS = 100.0  # times their odds, where there are slips; 19 wins in 20, where a third of others win, is 38
BLOCKS = 20  # of time, each with its own base rate
TELLING_SHARE = 0.2  # of one outcome's leads


@dataclass(frozen=True)
class OneSided:
    """A group of leads with one outcome: how many, how many are of the other, and their share of their outcome."""

    leads: int
    won: bool
    share: float
    exceptions: int = 0

    @property
    def severity(self) -> Severity:
        """How grave it is, by how much of the outcome the group tells."""
        return Severity.ERROR if self.share >= TELLING_SHARE else Severity.WARNING

    def say(self) -> str:
        """Give the group in words and numbers, to follow "is filled on"."""
        same = self.leads - self.exceptions
        if not self.won:
            return f"{self.leads:,} leads, none of which became an SQL ({self.share:.0%} of all leads that did not)"
        which = "all" if not self.exceptions else f"{same:,}"
        return f"{self.leads:,} leads, {which} of which became SQLs ({self.share:.0%} of all SQLs)"


def one_sided(
    chosen: NDArray[np.bool_], y: Floats, least: int = LEAST_LEADS, surprise: float = SURPRISE
) -> OneSided | None:
    """Give what the leads `chosen`, bool[leads], oldest first, share where it is one outcome past chance; else None."""
    groups = one_sided_groups(chosen.astype(np.intp) - 1, y, least, surprise)
    return next((found for _, found in groups), None)


def one_sided_groups(
    codes: NDArray[np.intp], y: Floats, least: int = LEAST_LEADS, surprise: float = SURPRISE
) -> Iterator[tuple[int, OneSided]]:
    """Give each group of leads of one code (int[leads], -1 for no group) that is one-sided, winners first."""
    inside = codes >= 0
    leads = np.bincount(codes[inside])
    lost = np.bincount(codes[inside], weights=1 - y[inside]).astype(np.float64)
    won = _nearly_all_won(leads, lost, y)
    pure = np.flatnonzero((leads >= least) & (won | (lost == leads)))
    for way, same in ((True, y), (False, 1 - y)):
        some = pure[won[pure] == way]
        exceptions = lost[some] if way else np.zeros(len(some))
        log_chances = _log_chances(codes, some, same, exceptions)
        for at in np.flatnonzero(log_chances <= log(surprise)):
            size, other = int(leads[some[at]]), int(exceptions[at])
            yield int(some[at]), OneSided(size, way, (size - other) / float(same.sum()), other)


def _nearly_all_won(leads: NDArray[np.intp], lost: Floats, y: Floats) -> NDArray[np.bool_]:
    """Say which groups of so many leads are of winners, a few slips aside."""
    few = (lost <= EXCEPTIONS * leads) & (leads >= LEAST_WITH_EXCEPTIONS)
    others_won, others_lost = y.sum() - (leads - lost), (1 - y).sum() - lost
    odds_ratio = (leads - lost) / np.maximum(lost, 1) * (others_lost + 0.5) / (others_won + 0.5)
    found: NDArray[np.bool_] = (lost == 0) | (few & (odds_ratio >= FAR_FROM_OTHERS))
    return found


def _log_chances(codes: NDArray[np.intp], some: NDArray[np.intp], same: Floats, exceptions: Floats) -> Floats:
    """Give the log of the chance that each of `some` groups has, but for so many exceptions, what `same` marks with 1.

    At the rates of the other leads of the same time: what came in poor months alone is not surprising.
    """
    blocks = min(BLOCKS, len(same))
    block = np.arange(len(same)) * blocks // len(same)
    place = np.full(max(int(codes.max(initial=-1)), 0) + 2, -1)  # the last is for leads of no group
    place[some] = np.arange(len(some))
    group = place[codes]
    inside, shape = group >= 0, (len(some), blocks)
    cell = group[inside] * blocks + block[inside]
    leads = np.bincount(cell, minlength=len(some) * blocks).reshape(shape)
    shared = np.bincount(cell, weights=same[inside], minlength=len(some) * blocks).reshape(shape)
    others = np.bincount(block) - leads
    rates = (np.bincount(block, weights=same) - shared + 0.5) / (others + 1)
    chances = np.where(others > 0, leads * np.log(rates), 0.0).sum(axis=1)
    size = np.maximum(leads.sum(axis=1), 1)
    ways = gammaln(size + 1) - gammaln(exceptions + 1) - gammaln(size - exceptions + 1)
    found: Floats = chances * (size - exceptions) / size + ways
    return found
