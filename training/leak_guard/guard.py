"""The search for leaks: it only connects the kinds of leak."""

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np

from features.errors import DataError
from features.findings import Finding, Severity
from features.tables import Tables
from training.leak_guard.alone import search_alone
from training.leak_guard.copies import search_copies
from training.leak_guard.decisions import search_decisions
from training.leak_guard.duplicates import search_duplicates
from training.leak_guard.event_types import search_event_types
from training.leak_guard.filled_cells import search_filled
from training.leak_guard.identities import search_identities
from training.leak_guard.known_after import search_known_after
from training.leak_guard.late_dates import search_late_dates
from training.leak_guard.leak import Leak
from training.leak_guard.order import search_arrival, search_order
from training.leak_guard.parts_of_text import search_parts
from training.leak_guard.searched import Searched, searched_leads
from training.leak_guard.values import search_values
from training.measuring.metrics import Floats

SEARCHES: tuple[Callable[[Searched], Iterator[Leak]], ...] = (
    search_alone,
    search_filled,
    search_values,
    search_late_dates,
    search_event_types,
    search_parts,
    search_order,
    search_identities,
    search_arrival,
    search_duplicates,
)


def find_leaks(
    tables: Tables, y: Floats, allowed: Collection[str] = (), holdout_share: float = 0.3
) -> tuple[Finding, ...]:
    """Give a finding for all that knows the outcome, `error` before `warning`; what is `allowed` by name is cleared.

    `y` is float64[leads] of 1 and 0, NaN for a lead left out. With one outcome only there is nothing to compare.
    """
    return tuple(leak.finding() for leak in search_leaks(tables, y, allowed, holdout_share))


def refuse_leaks(leaks: Sequence[Leak]) -> None:
    """Raise DataError where leaks are grave, all of them together."""
    problems = [leak.problem() for leak in leaks if leak.severity is Severity.ERROR]
    if problems:
        raise DataError(problems)


def search_leaks(
    tables: Tables, y: Floats, allowed: Collection[str] = (), holdout_share: float = 0.3
) -> tuple[Leak, ...]:
    """Give the gravest evidence against each column, event type and the rows themselves, as `find_leaks` does."""
    searched = searched_leads(tables, y, allowed, holdout_share)
    if len(np.unique(searched.y)) < 2:
        return ()
    found = [leak for search in SEARCHES for leak in search(searched)]
    found += [*search_decisions(searched, tables), *search_known_after(tables, y, allowed)]
    gravest = _gravest(found)
    gravest = _gravest([*gravest, *search_copies(searched, gravest)])
    return tuple(leak for leak in gravest if leak.name not in allowed)


def _gravest(leaks: Sequence[Leak]) -> list[Leak]:
    """Give one leak a name, errors first, else in the order found."""
    kept: dict[str, Leak] = {}
    for leak in sorted(leaks, key=_is_mild):
        kept.setdefault(f"{leak.place} {leak.name}", leak)
    return list(kept.values())


def _is_mild(leak: Leak) -> bool:
    return leak.severity is not Severity.ERROR
