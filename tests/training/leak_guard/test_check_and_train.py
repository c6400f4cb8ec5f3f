"""A leak in a company's files is told by `check` and stops `train`, until a person decides."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features.config import Config, load_config
from features.errors import DataError
from features.labels import label_leads
from features.simulation import simulate, write_company
from features.sources import read_training_tables
from training.check import check_data
from training.pipeline import train


@pytest.fixture
def company(tmp_path: Path) -> Path:
    """Give a company whose CRM puts in a stage and whose tracker an event, when sales has qualified the lead."""
    company = simulate(leads=3_000, events_per_lead=3, seed=5)
    write_company(company, tmp_path)
    qualified = company.outcomes.filter(pl.col("outcome") == "Qualified")["lead_id"]
    won = company.leads["lead_id"].is_in(qualified.implode()) & pl.Series(np.random.default_rng(0).random(3_000) < 0.5)
    stages = company.leads.with_columns(stage=pl.when(won).then(pl.lit("5 Closed")).otherwise(pl.lit("1 New")))
    stages.with_columns(pl.col(pl.Enum).cast(pl.String)).write_parquet(tmp_path / "leads.parquet")
    events = pl.read_parquet(tmp_path / "events.parquet")
    early = company.leads["mql_at"].dt.replace_time_zone("Europe/Madrid").dt.convert_time_zone("UTC")
    more = company.leads.select("lead_id", occurred_at=early, type=pl.lit("opportunity_created")).filter(won)
    more = more.with_columns(event_id=10**9 + pl.int_range(pl.len()), content_id=pl.lit(None, pl.String))
    pl.concat([events, more.select(events.columns).cast(events.schema)]).write_parquet(tmp_path / "events.parquet")
    toml = tmp_path / "leadsift.toml"
    toml.write_text(toml.read_text().replace('fit = ["sector", ', 'fit = ["stage", "sector", '))
    return toml


def leaks(config: Config) -> list[tuple[str, str | None]]:
    return [(each.severity.value, each.column) for each in check_data(config).findings if each.kind == "leak"]


def test_check_names_every_leak_and_says_that_training_would_stop(company: Path) -> None:
    config = load_config(company)
    check = check_data(config)

    assert leaks(config) == [("error", "stage"), ("error", "opportunity_created")]
    assert not check.acceptable
    details = [each["detail"] for each in check.to_json()["findings"] if each["kind"] == "leak"]
    assert details[0].startswith("column 'stage': holds '5 Closed' on ")
    assert 'exclude = ["stage"] in [leads]' in details[0]
    assert details[1].startswith("events of type 'opportunity_created': occur before the hand-over on ")
    assert 'exclude = ["opportunity_created"] in [events]' in details[1]


def test_training_stops_at_them_with_the_same_words(company: Path) -> None:
    config = load_config(company)
    tables = read_training_tables(config)
    labels = label_leads(tables, config.label.horizon_days)

    with pytest.raises(DataError) as stopped:
        train(tables, labels, config, lambda *_: None)

    told = [each.detail for each in check_data(config).findings if each.kind == "leak"]
    assert str(stopped.value).splitlines() == told


def test_nothing_is_left_once_they_are_excluded_or_allowed(company: Path) -> None:
    text = company.read_text()
    company.write_text(text + '\n[leaks]\nallow = ["stage", "opportunity_created"]\n')
    assert leaks(load_config(company)) == []
    assert check_data(load_config(company)).acceptable

    company.write_text(
        text.replace('"stage", ', "")
        .replace('exclude = ["account"]', 'exclude = ["account", "stage"]')
        .replace('type = "type"', 'type = "type"\nexclude = ["opportunity_created"]')
    )
    assert leaks(load_config(company)) == []
