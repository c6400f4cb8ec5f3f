"""What was known of the leads at an earlier moment: what backtests may learn from then, and nothing later."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl

from features.labels import label_leads
from features.tables import Tables
from training.measuring.metrics import Floats
from training.over_time.periods import Period


def known_by(tables: Tables, y: Floats, period: Period, horizon_days: int) -> Floats:
    """Give the outcomes, float64[start of the period], that were known when it began; NaN where not.

    `tables.leads` and `y` hold the known leads in order of arrival. Without times, or by order alone, every earlier
    lead is known. A label that stands with the lead itself is known once the horizon has passed: nothing says when it
    was filled in. Outcomes count when sales had decided them by then, as `label_leads` has it.
    """
    earlier = y[: period.start]
    if period.begins is None:
        return earlier
    leads = tables.leads[: period.start]
    if tables.outcomes is None or leads["label"].count():
        young = leads["as_of"] + timedelta(days=horizon_days) > period.begins
        return np.where(young.to_numpy(), np.nan, earlier)
    decided = tables.outcomes.filter(pl.col("decided_at") <= period.begins)
    then = replace(tables, leads=leads, outcomes=decided, known_until=period.begins)
    return label_leads(then, horizon_days).y
