"""Columns that repeat what sales decided: when, or for which reason."""

from collections.abc import Iterator

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.attributes import Kind
from features.findings import Severity
from features.labels import Fate
from features.tables import Tables
from training.leak_guard.leak import Leak
from training.leak_guard.searched import Column, Searched
from training.measuring.metrics import Floats

LEAST_LEADS = 50
SAME_ORDER = 0.9  # rank correlation with the days from hand-over to decision
DAY_S = 86_400
SAME_DAY = 0.8  # of a date's leads
SAME_REASON = 0.95  # of the leads follow from the column
USUAL_REASON = 0.7  # a reason that nearly all have follows from anything


def search_decisions(searched: Searched, tables: Tables) -> Iterator[Leak]:
    """Look at whether a column follows the time of the decision, or its reason."""
    if tables.outcomes is None:
        return
    decided = _decided(searched, tables.outcomes)
    wait_s = (decided["decided_at"] - decided["as_of"]).dt.total_seconds().cast(pl.Float64)
    for column in searched.columns:
        if column.kind is Kind.CATEGORY:
            yield from _reason(column, decided["reason"])
        elif column.kind is not Kind.FLAG:
            yield from _time(column, wait_s)


def _decided(searched: Searched, outcomes: pl.DataFrame) -> pl.DataFrame:
    """Give each lead's last decision: `as_of`, `decided_at`, `reason`, null where there is none."""
    last = (
        outcomes.filter(pl.col("outcome") != Fate.UNWORKED.value)
        .sort("decided_at", maintain_order=True)
        .unique("lead_id", keep="last")
        .select("lead_id", "decided_at", pl.col("reason").cast(pl.String))
    )
    leads = searched.leads.select("lead_id", "as_of")
    return leads.join(last, on="lead_id", how="left", maintain_order="left")


def _time(column: Column, wait_s: pl.Series) -> Iterator[Leak]:
    both = pl.DataFrame({"value": column.comparable.cast(pl.Float64), "wait": wait_s}).drop_nulls()
    if both.height < LEAST_LEADS or both["value"].n_unique() < 3:
        return
    if column.kind is Kind.DATE and column.as_of.count():
        same = int(((both["value"] - both["wait"]).abs() <= DAY_S).sum())
        decided_later = int((both["wait"] > DAY_S).sum())
        if same >= SAME_DAY * both.height and decided_later >= both.height / 2:
            said = f"is the day of sales' decision on {same:,} of {both.height:,} leads"
            yield Leak(column.name, Severity.ERROR, said)
            return
    correlation = _rank_correlation(both["value"].to_numpy(), both["wait"].to_numpy())
    if correlation >= SAME_ORDER:
        said = (
            f"follows the time from hand-over to sales' decision on {both.height:,} leads, with a rank correlation of "
            f"{correlation:.2f}"
        )
        yield Leak(column.name, Severity.ERROR, said)


def _rank_correlation(one: Floats, other: Floats) -> float:
    ranks = [pl.Series(each).rank().to_numpy() for each in (one, other)]
    if any(each.std() == 0 for each in ranks):
        return 0.0
    return float(abs(np.corrcoef(ranks[0], ranks[1])[0, 1]))


def _reason(column: Column, reason: pl.Series) -> Iterator[Leak]:
    both = reason.is_not_null().to_numpy() & column.filled
    leads = int(both.sum())
    if leads < LEAST_LEADS or len(column.levels) > leads / 2:
        return
    followed = _followed(column.codes[both], reason.filter(pl.Series(both)))
    usual = int(reason.filter(pl.Series(both)).value_counts()["count"].max() or 0)  # type: ignore[arg-type]
    if followed >= SAME_REASON * leads and usual <= USUAL_REASON * leads:
        said = f"tells the reason that sales gave for its decision on {followed:,} of {leads:,} leads"
        yield Leak(column.name, Severity.ERROR, said)


def _followed(codes: NDArray[np.intp], reason: pl.Series) -> int:
    """Give on how many leads the reason is the most common one among leads of their value."""
    pairs = pl.DataFrame({"code": codes, "reason": reason}).group_by("code", "reason").len()
    return int(pairs.group_by("code").agg(pl.col("len").max())["len"].sum())
