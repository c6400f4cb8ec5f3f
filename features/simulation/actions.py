"""What the leads do, before hand-over and after it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from features.simulation.kinds import CONTENTS, KINDS, kind_place
from features.simulation.rhythm import VISITS, Seconds
from features.simulation.traits import Traits

SHARE_BEFORE = 0.8  # of a lead's events, on average, fall before hand-over
SPREAD_OF_LEVEL = 0.75  # of the logarithm of how active a lead is
SHARE_AT_HAND_OVER = 0.01  # of events fall on the very second of hand-over, which they set off
SHARE_WITH_BURST = 0.012  # of leads have mail scanners that open everything at once
SHARE_WITHOUT_CONTENT = 0.02  # of events do not say what they were about
BURST_S = 90  # within which a mail scanner opens everything
BURST = 1.5  # times the usual number of a lead's events
INTEREST_BANDS = 9


@dataclass(frozen=True)
class Actions:
    """Events, an array element each: whose (place of the lead), when (UTC seconds), of which kind, with which content.

    `kind` and `content` are places in KINDS and CONTENTS; -1 where no content was recorded.
    """

    lead: NDArray[np.int32]
    at_s: Seconds
    kind: NDArray[np.int8]
    content: NDArray[np.int8]

    def __len__(self) -> int:
        return len(self.lead)

    def where(self, mask: NDArray[np.bool_]) -> "Actions":
        """Give the events that `mask` keeps."""
        return Actions(self.lead[mask], self.at_s[mask], self.kind[mask], self.content[mask])


def draw_actions_before(rng: np.random.Generator, traits: Traits, events_per_lead: float) -> Actions:
    """Draw what the leads did up to hand-over; the more interested do more, later, and closer to a purchase."""
    lead = _whose(rng, traits, SHARE_BEFORE * events_per_lead)
    busy_weeks = VISITS.busy_weeks(traits.utc_s)[lead] - _ages_days(rng, traits, lead) / 7
    at_s = np.minimum(VISITS.moments(busy_weeks), traits.utc_s[lead])
    at_hand_over = rng.random(len(lead), dtype=np.float32) < SHARE_AT_HAND_OVER
    at_s[at_hand_over] = traits.utc_s[lead[at_hand_over]]
    kind = _kinds(rng, traits.interest, lead)
    own = Actions(lead, at_s, kind, _contents(rng, kind))
    return joined([own, _bursts(rng, traits, events_per_lead)])


def draw_actions_after(
    rng: np.random.Generator, traits: Traits, events_per_lead: float, became_sql: NDArray[np.bool_], end_utc_s: int
) -> Actions:
    """Draw what the leads did from hand-over to the period's end; those who became SQLs do more, as in real data."""
    eager = np.where(became_sql, 1.5, 0.75)
    lead = _whose(rng, traits, (1 - SHARE_BEFORE) * events_per_lead * eager)
    delay_weeks = rng.exponential(25 / 7, len(lead))
    at_s = np.maximum(VISITS.moments(VISITS.busy_weeks(traits.utc_s)[lead] + delay_weeks), traits.utc_s[lead] + 1)
    kind = _kinds(rng, traits.interest, lead)
    return Actions(lead, at_s, kind, _contents(rng, kind)).where(at_s < end_utc_s)


def joined(parts: list[Actions]) -> Actions:
    """Give all events of the parts, one part after the other."""
    columns = zip(*((part.lead, part.at_s, part.kind, part.content) for part in parts), strict=True)
    lead, at_s, kind, content = (np.concatenate(column) for column in columns)
    return Actions(lead, at_s, kind, content)


def _whose(rng: np.random.Generator, traits: Traits, mean: float | NDArray[np.float64]) -> NDArray[np.int32]:
    level = SPREAD_OF_LEVEL * (0.6 * traits.interest + 0.8 * rng.standard_normal(len(traits)))
    count = rng.poisson(mean * np.exp(level - SPREAD_OF_LEVEL**2 / 2))
    return np.repeat(np.arange(len(traits), dtype=np.int32), count)


def _ages_days(rng: np.random.Generator, traits: Traits, lead: NDArray[np.int32]) -> NDArray[np.float64]:
    span_days = np.clip(50 * np.exp(0.8 * rng.standard_normal(len(traits))), 1, 400)
    lateness = np.exp(0.4 + 0.25 * traits.interest + 0.4 * rng.standard_normal(len(traits)))
    ages_days: NDArray[np.float64] = span_days[lead] * rng.random(len(lead)) ** lateness[lead]
    return ages_days


def _kinds(rng: np.random.Generator, interest: NDArray[np.float64], lead: NDArray[np.int32]) -> NDArray[np.int8]:
    middles = np.linspace(-2, 2, INTEREST_BANDS)
    weights = np.array([[kind.share * np.exp(kind.tilt * middle) for kind in KINDS] for middle in middles])
    done = np.cumsum(weights / weights.sum(axis=1, keepdims=True), axis=1)
    band = np.clip(np.round((interest + 2) / 4 * (INTEREST_BANDS - 1)), 0, INTEREST_BANDS - 1).astype(np.int8)[lead]
    ladder = (done[:, :-1] + np.arange(INTEREST_BANDS)[:, None]).ravel()  # band b holds the steps between b and b + 1
    step = np.searchsorted(ladder, band + rng.random(len(lead)))
    return (step - band.astype(np.int64) * (len(KINDS) - 1)).astype(np.int8)


def _contents(rng: np.random.Generator, kind: NDArray[np.int8]) -> NDArray[np.int8]:
    choices = np.array([len(each.contents) for each in KINDS])
    first = np.array([CONTENTS.index(each.contents[0]) for each in KINDS], dtype=np.int8)
    popular = (choices[kind] * rng.random(len(kind), dtype=np.float32) ** 1.7).astype(np.int8)
    unrecorded = rng.random(len(kind), dtype=np.float32) < SHARE_WITHOUT_CONTENT
    return np.where(unrecorded, np.int8(-1), first[kind] + popular)


def _bursts(rng: np.random.Generator, traits: Traits, events_per_lead: float) -> Actions:
    count = np.where(rng.random(len(traits)) < SHARE_WITH_BURST, rng.poisson(BURST * events_per_lead, len(traits)), 0)
    lead = np.repeat(np.arange(len(traits), dtype=np.int32), count)
    started_s = traits.utc_s - (rng.exponential(30, len(traits)) * 86_400).astype(np.int64) - BURST_S
    at_s = started_s[lead] + rng.integers(0, BURST_S, len(lead))
    opened = np.full(len(lead), kind_place("email_open"), dtype=np.int8)
    return Actions(lead, at_s, opened, _contents(rng, opened))
