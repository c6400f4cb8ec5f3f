"""Each primitive over events against an obviously slow way to say the same, in dates rather than microseconds."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from features.catalog import build_catalog, overall
from features.compute import feature_row
from features.lead import Event, Lead
from features.primitives import (
    PRIMITIVES,
    ActiveDays,
    CountEver,
    CountInWindow,
    DaysSinceFirst,
    DaysSinceLast,
    DecayedCount,
    DistinctContents,
    DistinctTypes,
    EventPrimitive,
    Trend,
)

AS_OF = datetime(2026, 3, 1, 7, 30, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    """A primitive, and what it must give for the events up to AS_OF."""

    primitive: EventPrimitive
    reference: Callable[[list[Event]], float | None]


def within(events: list[Event], days: int) -> list[Event]:
    return [event for event in events if AS_OF - days * DAY < event.occurred_at]


def decayed(events: list[Event], half_life: timedelta) -> float:
    halves = [(AS_OF - event.occurred_at) // timedelta(hours=1) * timedelta(hours=1) / half_life for event in events]
    return float(sum(0.5**each for each in halves))


def days_since(moment: datetime | None) -> float | None:
    return (
        None if moment is None else float(Fraction(int((AS_OF - moment) / timedelta(microseconds=1)), 86_400 * 10**6))
    )


CASES = [
    Case(CountInWindow(days=7), lambda events: len(within(events, 7))),
    Case(CountInWindow(days=90), lambda events: len(within(events, 90))),
    Case(CountEver(), len),
    Case(DaysSinceLast(), lambda events: days_since(max((each.occurred_at for each in events), default=None))),
    Case(DaysSinceFirst(), lambda events: days_since(min((each.occurred_at for each in events), default=None))),
    Case(DecayedCount(half_life_days=7), lambda events: decayed(events, 7 * DAY)),
    Case(DecayedCount(half_life_days=90), lambda events: decayed(events, 90 * DAY)),
    Case(DistinctContents(days=90), lambda events: len({each.content for each in within(events, 90) if each.content})),
    Case(DistinctTypes(days=90), lambda events: len({each.type for each in within(events, 90)})),
    Case(ActiveDays(days=30), lambda events: len({each.occurred_at.date() for each in within(events, 30)})),
    Case(Trend(days=14), lambda events: 2 * len(within(events, 14)) - len(within(events, 28))),
]

ages = st.one_of(
    st.builds(lambda days: days * DAY, st.sampled_from([-1, 0, 7, 14, 28, 30, 90, 365])),
    st.timedeltas(timedelta(days=-2), timedelta(days=120)),
    st.timedeltas(timedelta(), timedelta(days=40_000)),
)
events = st.builds(
    lambda kind, age, content: Event(kind, AS_OF - age, content),
    st.sampled_from(["download", "page_view", "webinar"]),
    ages,
    st.sampled_from([None, "", "guide-1", "guide-2"]),
)


def test_every_primitive_over_events_has_a_reference() -> None:
    over_events = {kind for kind in PRIMITIVES.values() if issubclass(kind, EventPrimitive)}
    assert {type(case.primitive) for case in CASES} == over_events


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.primitive.key)
@settings(max_examples=80, deadline=None, derandomize=True)
@given(st.lists(events, max_size=15))
def test_a_primitive_equals_its_slow_reference(case: Case, some: list[Event]) -> None:
    catalog = build_catalog([], ["webinar"], [overall(case.primitive)])
    (found,) = feature_row(Lead({}, some, AS_OF), catalog)
    expected = case.reference([event for event in some if event.occurred_at <= AS_OF])
    assert found == (expected if expected is None else pytest.approx(expected, rel=1e-12, abs=2e-11))
