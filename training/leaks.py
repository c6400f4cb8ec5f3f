"""The leak guard: columns that know the outcome. What is known only after the hand-over may not be an input.

Run by `check` and before every training, on the attributes of all leads with a known outcome.
"""

from collections.abc import Callable, Collection, Iterator, Sequence

import numpy as np
import polars as pl

from features.attributes import Attribute, Kind
from features.errors import DataError
from features.findings import Finding, Severity
from features.problems import shorten
from features.tables import Tables, column_of
from training.column_auc import chance_deviation, column_auc
from training.known_leads import known_leads
from training.leak import Leak
from training.metrics import Floats
from training.one_sided import OneSided, one_sided

DECIDING_AUC = 0.95  # alone; no column that people fill in before the outcome comes near
TELLING_AUC = 0.75  # alone; clean columns of real exports reach .70
DEVIATIONS = 4.0  # from chance, or few leads would make any column look strong
TELLING_SHARE = 0.2  # of one outcome's leads
MOSTLY_LATE, SOME_LATE = 0.5, 0.05  # shares of dates after the hand-over
SLACK = pl.duration(days=1)  # a date without a time may lie in another zone's day
MOST_LEADS = 200_000  # searched; a leak shows in fewer
MOST_VALUES = 200  # of a column, the most common

Evidence = tuple[Severity, str]


def find_leaks(tables: Tables, y: Floats, allowed: Collection[str] = ()) -> tuple[Finding, ...]:
    """Give a finding per attribute that knows the outcome, `error` before `warning`; `allowed` ones are cleared.

    `y` is float64[leads] of 1 and 0, NaN for a lead left out; both outcomes must be there.
    """
    return tuple(leak.finding() for leak in search_leaks(tables, y, allowed))


def refuse_leaks(leaks: Sequence[Leak]) -> None:
    """Raise DataError where leaks are grave, all of them together."""
    problems = [leak.problem() for leak in leaks if leak.severity is Severity.ERROR]
    if problems:
        raise DataError(problems)


def search_leaks(tables: Tables, y: Floats, allowed: Collection[str] = ()) -> tuple[Leak, ...]:
    """Give the gravest evidence against each attribute, as `find_leaks` does."""
    rows = known_leads(tables.leads, y)
    if len(rows) > MOST_LEADS:
        rows = rows[np.linspace(0, len(rows) - 1, MOST_LEADS).astype(np.intp)]
    leads, outcomes = tables.leads[rows], y[rows]
    searched = [attribute for attribute in tables.attributes if attribute.name not in allowed]
    found = [leak for attribute in searched for leak in _gravest(attribute, leads, outcomes)]
    return tuple(sorted(found, key=lambda leak: leak.severity is not Severity.ERROR))


def _gravest(attribute: Attribute, leads: pl.DataFrame, y: Floats) -> Iterator[Leak]:
    """Yield one leak or none: the first error, else the first warning."""
    evidence = [each for search in SEARCHES for each in search(attribute, leads, y)]
    for severity, said in sorted(evidence, key=lambda each: each[0] is not Severity.ERROR)[:1]:
        yield Leak(attribute.name, severity, said)


def _alone(attribute: Attribute, leads: pl.DataFrame, y: Floats) -> Iterator[Evidence]:
    auc = column_auc(_comparable(attribute, leads), y)
    if auc < max(TELLING_AUC, 0.5 + DEVIATIONS * chance_deviation(y)):
        return
    severity = Severity.ERROR if auc >= DECIDING_AUC else Severity.WARNING
    yield severity, f"alone tells SQLs from other leads of the same time with an AUC of {auc:.2f} (chance is 0.50)"


def _comparable(attribute: Attribute, leads: pl.DataFrame) -> pl.Series:
    """Give an attribute as text or number; a date as its distance from the hand-over where that is known."""
    values = leads[column_of(attribute)]
    if attribute.kind is not Kind.DATE:
        return values
    return (values - leads["as_of"]).dt.total_seconds() if leads["as_of"].count() else values.dt.epoch("s")


def _filled(attribute: Attribute, leads: pl.DataFrame, y: Floats) -> Iterator[Evidence]:
    """Look at whether the cell is filled at all."""
    empty = leads[column_of(attribute)].is_null()
    for state, chosen in (("filled", ~empty), ("empty", empty)):
        found = one_sided(chosen, y)
        if found:
            yield _severity(found), f"is {state} on {_of_one_outcome(found)}"


def _values(attribute: Attribute, leads: pl.DataFrame, y: Floats) -> Iterator[Evidence]:
    """Look at each common value. That a number's value never wins is common (no visit, no purchase) and no leak."""
    if attribute.kind is Kind.DATE:
        return
    values = leads[column_of(attribute)]
    common = values.drop_nulls().value_counts(sort=True)[values.name].head(MOST_VALUES).to_list()
    found = [(value, one_sided((values == value).fill_null(value=False), y)) for value in common]
    for value, each in found:
        if each and (each.won or attribute.kind is Kind.CATEGORY):
            severity = _severity(each) if each.won else Severity.WARNING
            yield severity, f"holds {shorten(str(value))!r} on {_of_one_outcome(each)}"


def _severity(found: OneSided) -> Severity:
    return Severity.ERROR if found.share >= TELLING_SHARE else Severity.WARNING


def _of_one_outcome(found: OneSided) -> str:
    if found.won:
        return f"{found.leads:,} leads, all of which became SQLs ({found.share:.0%} of all SQLs)"
    return f"{found.leads:,} leads, none of which became an SQL ({found.share:.0%} of all leads that did not)"


def _late(attribute: Attribute, leads: pl.DataFrame, y: Floats) -> Iterator[Evidence]:  # noqa: ARG001  a search like the others
    """Look at dates from after the hand-over."""
    if attribute.kind is not Kind.DATE:
        return
    both = leads.select(date=pl.col(column_of(attribute)), as_of="as_of").drop_nulls()
    late = both.filter(pl.col("date") > pl.col("as_of") + SLACK).height
    share = late / max(both.height, 1)
    if share >= SOME_LATE:
        severity = Severity.ERROR if share >= MOSTLY_LATE else Severity.WARNING
        yield severity, f"is later than the hand-over on {late:,} of {both.height:,} leads"


SEARCHES: tuple[Callable[[Attribute, pl.DataFrame, Floats], Iterator[Evidence]], ...] = (
    _alone,
    _filled,
    _values,
    _late,
)
