"""The sample company as training reads it, to plant leaks into."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.config import Config, load_config
from features.labels import label_leads
from features.simulation import simulate, write_company
from features.sources import read_training_tables
from features.tables import INSTANT, Tables
from training.leak_guard import Leak, search_leaks
from training.measuring.metrics import Floats

DTYPES: dict[Kind, pl.DataType] = {Kind.CATEGORY: pl.String(), Kind.DATE: INSTANT}


@dataclass(frozen=True)
class Sample:
    """The sample company; `y` is NaN where a lead is left out."""

    tables: Tables
    y: Floats
    config: Config

    @property
    def known(self) -> Floats:
        """The outcome of each lead, 0 where it is not known."""
        return np.nan_to_num(self.y)

    def with_column(self, kind: Kind, values: Sequence[object] | Floats | pl.Series, name: str = "planted") -> "Sample":
        """Give the company with one more attribute."""
        column = pl.Series(f"attr:{name}", values, dtype=DTYPES.get(kind, pl.Float64()), nan_to_null=True)
        attributes = (*self.tables.attributes, Attribute(name, Side.FIT, kind))
        leads = self.tables.leads.with_columns(column)
        return replace(self, tables=replace(self.tables, leads=leads, attributes=attributes))

    def with_events(self, event_type: str, leads: pl.Series) -> "Sample":
        """Give the company with an event, an hour before the hand-over, on each of the leads chosen."""
        more = self.tables.leads.filter(leads).select(
            "lead_id",
            occurred_at=pl.col("as_of") - pl.duration(hours=1),
            type=pl.lit(event_type),
            content=pl.lit(None, pl.String),
        )
        events = pl.concat([self.tables.events, more.cast(self.tables.events.schema)])
        return replace(self, tables=replace(self.tables, events=events))

    def leaks(self, allowed: Sequence[str] = ()) -> dict[str, Leak]:
        """Give the leaks found, by name."""
        return {leak.name: leak for leak in search_leaks(self.tables, self.y, allowed)}


@pytest.fixture(scope="session")
def sample(tmp_path_factory: pytest.TempPathFactory) -> Sample:
    folder = tmp_path_factory.mktemp("sample")
    write_company(simulate(leads=5_000, events_per_lead=5, seed=3), folder)
    config = load_config(folder / "leadsift.toml")
    tables = read_training_tables(config)
    return Sample(tables, label_leads(tables, config.label.horizon_days).y, config)


@pytest.fixture
def chance() -> np.random.Generator:
    return np.random.default_rng(21)
