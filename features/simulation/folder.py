"""A sample company as a folder that leadsift can train on."""

from pathlib import Path

import numpy as np
import polars as pl

from features.simulation.company import Company

WEEKS = 26  # whole weeks that the promise is taken from
PROMISED_SHARE = 0.9  # of what is usual: most weeks keep it, in numbers at least

CONFIG = """\
# The sample company: an invented maker of software, with 18 months of leads.
# This file tells leadsift what the columns mean. Paths are relative to this file.

[company]
name = "Brightwater Software (sample)"
timezone = "Europe/Madrid"            # times without a zone are on this clock

[leads]                               # one row per lead that marketing handed over to sales
file = "leads.parquet"
id = "lead_id"
handed_over_at = "mql_at"
owner = "owner"                       # who got it: for lists, nothing is learned from it
first_touch_at = "first_touch_at"     # when sales first looked: for reports, nothing is learned from it
exclude = ["account"]                 # who it is says nothing of how good a lead is

[events]                              # one row per thing a lead did, before hand-over and after
file = "events.parquet"
lead_id = "lead_id"
occurred_at = "occurred_at"
type = "type"
content = "content_id"
event_id = "event_id"                 # an event that was sent twice counts once

[outcomes]                            # one row per decision of sales
file = "outcomes.parquet"
lead_id = "lead_id"
decided_at = "decided_at"
outcome = "outcome"
reason = "reason"
values = { sql = ["Qualified"], rejected = ["Disqualified"], recycled = ["Nurture"], unworked = ["New"] }

[features]                            # who the lead is; what it did comes from the events by itself
fit = ["sector", "employees", "country", "role", "source", "campaign"]

[label]
horizon_days = 90                     # an SQL counts when sales qualifies it within so many days of hand-over

[sla]                                 # what marketing and sales agreed on
weekly_leads = WEEKLY_LEADS
good_fit_share = 0.45                 # of the leads delivered have fit A or B
deliver_by = "Mon 09:00"
qualify_by = "Wed 18:00"
business_hours = "Mon-Fri 09:00-18:00"

[grades]                              # fit A is the best 20 % of leads, B the next 30 %, C the next 30 %, D the rest
fit = [0.8, 0.5, 0.2]
engagement = [0.8, 0.5, 0.2]          # 1 to 4, cut in the same way

[store]
url = "sqlite:///.leadsift/leadsift.db"

[mlflow]
tracking_uri = "sqlite:///.leadsift/mlflow.db"
model_name = "lead-score"
"""


def write_company(company: Company, folder: Path) -> None:
    """Write leads, events, outcomes and truth as Parquet and a leadsift.toml that reads the first three.

    Makes the folder where it is not there; replaces files of these names. The truth is for comparing models only.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tables = {"leads": company.leads, "events": company.events, "outcomes": company.outcomes, "truth": company.truth}
    for name, table in tables.items():
        _plain(table).sink_parquet(folder / f"{name}.parquet")
    config = CONFIG.replace("WEEKLY_LEADS", str(_promised(company.leads)))
    (folder / "leadsift.toml").write_text(config, encoding="utf-8")


def _promised(leads: pl.DataFrame) -> int:
    """Give a promise of leads a week that most of the last weeks kept, in round numbers."""
    by_week = leads.group_by(pl.col("mql_at").dt.truncate("1w")).len().sort("mql_at")["len"]
    promised = PROMISED_SHARE * float(np.median(by_week.tail(WEEKS + 1).head(WEEKS)))
    step = int(10 ** max(0, len(str(int(promised))) - 2))
    return max(1, round(promised / step) * step)


def _plain(table: pl.DataFrame) -> pl.LazyFrame:
    """Give the table with enums as text, which every reader of Parquet knows."""
    return table.lazy().with_columns(pl.col(pl.Enum).cast(pl.String))
