"""What became of each past lead, as far as it is known."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from features.errors import DataError
from features.findings import Finding, Severity
from features.problems import Problem
from features.tables import Tables


class Fate(StrEnum):
    """What is known of a lead: the first two are learnt from, the others left out."""

    SQL = "sql"
    NOT_SQL = "not_sql"
    YOUNG = "young"  # its horizon has not passed
    UNWORKED = "unworked"  # sales never looked
    UNKNOWN = "unknown"  # its label is empty


MEND = "check the words for sql in [outcomes] values, horizon_days, or give an older export"
_Y: Mapping[str, float] = {Fate.SQL: 1.0, Fate.NOT_SQL: 0.0}


@dataclass(frozen=True)
class EarlyDecisions:
    """How many decisions of sales are from before the hand-over, which are not counted, and on how many leads."""

    decisions: int = 0
    leads: int = 0

    def findings(self) -> tuple[Finding, ...]:
        """Say so where there are any."""
        if not self.decisions:
            return ()
        detail = (
            f"{self.decisions:,} decisions of sales on {self.leads:,} leads are from before the hand-over "
            "and are not counted"
        )
        return (Finding("label", Severity.WARNING, None, detail),)


@dataclass(frozen=True)
class Labels:
    """The fate of each lead, in the order of `Tables.leads`.

    y: float64[leads], 1 for an SQL, 0 for none, NaN where the lead is left out. fate: String, a `Fate` per lead.
    findings: what was not counted, and where there is one class. early: what of it was decided too early.
    """

    y: NDArray[np.float64]
    fate: pl.Series
    findings: tuple[Finding, ...] = ()
    early: EarlyDecisions = EarlyDecisions()

    @property
    def summary(self) -> dict[str, Any]:
        """Give how many leads fell to each fate, as plain JSON values; `rate` is the share of SQLs among the known."""
        counts = {fate.value: int((self.fate == fate.value).sum()) for fate in Fate}
        known = counts[Fate.SQL] + counts[Fate.NOT_SQL]
        rate = counts[Fate.SQL] / known if known else 0.0
        return {"leads": len(self.fate), "known": known, **counts, "rate": rate}

    def require_two_classes(self) -> None:
        """Raise DataError where there are no SQLs, or nothing but SQLs, to learn from."""
        if self._has_one_class:
            raise DataError([Problem(self._one_class, f"learning needs both; {MEND}")])

    def with_one_class_said(self) -> "Labels":
        """Give the labels with a finding where there is one class, which says what comes of it."""
        if not self._has_one_class:
            return self
        detail = f"{self._one_class}, so nothing can be learned yet; if there should be both, {MEND}"
        return replace(self, findings=(*self.findings, Finding("label", Severity.WARNING, None, detail)))

    @property
    def _has_one_class(self) -> bool:
        counts = self.summary
        return not (counts["sql"] and counts["not_sql"])

    @property
    def _one_class(self) -> str:
        counts = self.summary
        return (
            f"the label has one class: {counts['sql']:,} leads became SQLs and {counts['not_sql']:,} did not "
            f"({counts['young']:,} are too young, {counts['unworked']:,} were never worked, "
            f"{counts['unknown']:,} have an empty label)"
        )


def label_leads(tables: Tables, horizon_days: int) -> Labels:
    """Give each lead's fate.

    Where the leads carry a label, a filled one is final and an empty one is not known yet. Otherwise, from outcomes:

    1. A lead is young until `horizon_days` (of 86,400 s) have passed at `tables.known_until`, even when sales has
       decided. Sales decides on good leads first, so the early decisions alone would make the newest leads look
       better than they are.
    2. It is an SQL when sales said so from hand-over to the end of the horizon, both moments included.
    3. It is not an SQL when sales decided otherwise, or said SQL only after the horizon.
    4. It is unworked when sales never decided anything. A decision from before the hand-over is not about it.
    """
    if tables.outcomes is None or tables.leads["label"].count():
        return labels_of(_fate_from_label(tables.leads["label"]))
    decisions = _decisions(tables)
    fate = _fate_from_decisions(tables, decisions, timedelta(days=horizon_days))
    return labels_of(fate, _early(decisions))


def labels_of(fate: pl.Series, early: EarlyDecisions = EarlyDecisions()) -> Labels:
    """Give the labels of leads whose fates (String) are known, with what is to be said of them."""
    y = fate.replace_strict(_Y, default=float("nan"), return_dtype=pl.Float64)
    return Labels(y.to_numpy(writable=True), fate, early.findings(), early).with_one_class_said()


def _fate_from_label(label: pl.Series) -> pl.Series:
    fates = {1: Fate.SQL.value, 0: Fate.NOT_SQL.value}
    return label.replace_strict(fates, default=Fate.UNKNOWN.value, return_dtype=pl.String).rename("fate")


def _decisions(tables: Tables) -> pl.DataFrame:
    """Give what sales decided, unworked leads aside, with the hand-over it is about."""
    assert tables.outcomes is not None, "only called where there are outcomes"
    decided = tables.outcomes.filter(pl.col("outcome") != Fate.UNWORKED.value)
    return decided.join(tables.leads.select("lead_id", "as_of"), on="lead_id")


def _fate_from_decisions(tables: Tables, decisions: pl.DataFrame, horizon: timedelta) -> pl.Series:
    in_time = pl.col("decided_at") <= pl.col("as_of") + horizon
    by_lead = (
        decisions.filter(pl.col("decided_at") >= pl.col("as_of"))
        .group_by("lead_id")
        .agg(sql=((pl.col("outcome") == Fate.SQL.value) & in_time).any())
    )
    fate = (
        pl.when(pl.col("as_of") + horizon > tables.known_until)
        .then(pl.lit(Fate.YOUNG.value))
        .when(pl.col("sql").is_null())
        .then(pl.lit(Fate.UNWORKED.value))
        .when(pl.col("sql"))
        .then(pl.lit(Fate.SQL.value))
        .otherwise(pl.lit(Fate.NOT_SQL.value))
    )
    joined = tables.leads.select("lead_id", "as_of").join(by_lead, on="lead_id", how="left", maintain_order="left")
    return joined.select(fate.alias("fate")).to_series()


def _early(decisions: pl.DataFrame) -> EarlyDecisions:
    early = decisions.filter(pl.col("decided_at") < pl.col("as_of"))
    return EarlyDecisions(early.height, early["lead_id"].n_unique())
