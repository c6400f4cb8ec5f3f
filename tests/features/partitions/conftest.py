"""Partitions of so few leads and events that a small company makes many of them."""

from collections.abc import Callable

import pytest

from features.partitions import cut, events

Small = Callable[[int, int, int], None]


@pytest.fixture
def small_parts(monkeypatch: pytest.MonkeyPatch) -> Small:
    """Give a function that sets the leads and the events of a part, and the rows read at once."""

    def set_sizes(leads: int, events_a_part: int, rows: int) -> None:
        monkeypatch.setattr(cut, "LEADS_A_PART", leads)
        monkeypatch.setattr(cut, "EVENTS_A_PART", events_a_part)
        monkeypatch.setattr(events, "ROWS_AT_ONCE", rows)

    return set_sizes
