"""Columns that are filled, or empty, only for one outcome."""

from collections.abc import Iterator

from training.leak_guard.leak import Leak
from training.leak_guard.one_sided import one_sided
from training.leak_guard.searched import Searched


def search_filled(searched: Searched) -> Iterator[Leak]:
    """Look at whether the cells are filled at all."""
    for column in searched.columns:
        for state, chosen in (("filled", column.filled), ("empty", ~column.filled)):
            found = one_sided(chosen, searched.y)
            if found:
                yield Leak(column.name, found.severity, f"is {state} on {found.say()}")
