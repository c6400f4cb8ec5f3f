"""Who the leads truly are, before a CRM records them badly."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.simulation.levels import COUNTRIES, OWNERS, ROLES, SECTORS, SOURCES, Level, shares
from features.simulation.rhythm import HAND_OVERS, Seconds

ZONE = "Europe/Madrid"
HISTORY_DAYS = 548  # 18 months
LEADS_PER_ACCOUNT = 1.8
MEDIAN_EMPLOYEES = 90
GROWTH = 0.3  # how much more leads a day come in at the end than at the start

Places = NDArray[np.integer[Any]]


@dataclass(frozen=True)
class Period:
    """The time the history spans, as seconds from the epoch; the clock on the office wall runs apart from UTC."""

    start_local_s: int
    end_local_s: int
    end_utc_s: int


@dataclass(frozen=True)
class Traits:
    """The true traits, an array element per lead, oldest hand-over first; levels are places in their `levels` tuple.

    `local_s` and `utc_s` are the moment of hand-over in seconds, on the office clock and in UTC; `elapsed` is its place
    in the period, 0 to 1. `interest` is what moves the lead (standard normal): it shows in what the lead does only.
    """

    account: Places
    sector: Places
    employees: NDArray[np.int64]
    country: Places
    role: Places
    source: Places
    owner: Places
    interest: NDArray[np.float64]
    local_s: Seconds
    utc_s: Seconds
    elapsed: NDArray[np.float64]

    def __len__(self) -> int:
        return len(self.account)


def period_until(end: date) -> Period:
    """Give the period of history that ends as the day `end` begins in the company's time zone."""
    midnight = datetime(end.year, end.month, end.day, tzinfo=ZoneInfo(ZONE))
    end_local_s = (end - date(1970, 1, 1)) // timedelta(seconds=1)
    return Period(end_local_s - HISTORY_DAYS * 86_400, end_local_s, int(midnight.timestamp()))


def draw_traits(rng: np.random.Generator, leads: int, period: Period) -> Traits:
    """Draw who comes in: leads of one account share sector, size and country."""
    accounts = max(1, round(leads / LEADS_PER_ACCOUNT))
    account = (accounts * rng.random(leads) ** 1.4).astype(np.int32)
    sector, country = _draw(rng, SECTORS, accounts), _draw(rng, COUNTRIES, accounts)
    employees = np.clip(MEDIAN_EMPLOYEES * np.exp(1.6 * rng.standard_normal(accounts)), 1, 250_000).astype(np.int64)
    local_s = _hand_overs(rng, leads, period)
    return Traits(
        account=account,
        sector=sector[account],
        employees=employees[account],
        country=country[account],
        role=_draw(rng, ROLES, leads),
        source=_draw(rng, SOURCES, leads),
        owner=rng.integers(0, len(OWNERS), leads, dtype=np.int8),
        interest=rng.standard_normal(leads),
        local_s=local_s,
        utc_s=_to_utc(local_s),
        elapsed=(local_s - period.start_local_s) / (period.end_local_s - period.start_local_s),
    )


def _draw(rng: np.random.Generator, levels: tuple[Level, ...], count: int) -> Places:
    return np.searchsorted(np.cumsum(shares(levels))[:-1], rng.random(count)).astype(np.int8)


def _hand_overs(rng: np.random.Generator, leads: int, period: Period) -> Seconds:
    first, last = HAND_OVERS.busy_weeks(np.array([period.start_local_s, period.end_local_s]))
    share = np.sort(rng.random(leads))
    grown = (np.sqrt(1 + (2 + GROWTH) * GROWTH * share) - 1) / GROWTH  # inverse of a linearly growing density
    return np.clip(HAND_OVERS.moments(first + (last - first) * grown), period.start_local_s, period.end_local_s - 1)


def _to_utc(local_s: Seconds) -> Seconds:
    local = pl.Series(local_s * 1000).cast(pl.Datetime("ms"))
    return local.dt.replace_time_zone(ZONE).dt.epoch("s").to_numpy()
