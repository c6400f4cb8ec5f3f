"""A written company is the same byte for byte, plain for every reader, and described by its leadsift.toml."""

import time
import tomllib
from pathlib import Path

import polars as pl

from features.config import load_config
from features.simulation import Company, simulate, write_company

NAMES = ("leads", "events", "outcomes", "truth")


def test_the_same_seed_gives_the_same_files_byte_for_byte(company: Company, tmp_path: Path) -> None:
    write_company(company, tmp_path / "a")
    write_company(simulate(leads=12_000, events_per_lead=20, seed=7), tmp_path / "b")
    files = sorted(path.name for path in (tmp_path / "a").iterdir())
    assert files == ["events.parquet", "leads.parquet", "leadsift.toml", "outcomes.parquet", "truth.parquet"]
    for file in files:
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes(), file


def test_files_read_back_as_what_was_simulated_with_words_as_text(company: Company, tmp_path: Path) -> None:
    write_company(company, tmp_path)
    for name in NAMES:
        table: pl.DataFrame = getattr(company, name)
        read = pl.read_parquet(tmp_path / f"{name}.parquet")
        assert read.equals(table.with_columns(pl.col(pl.Enum).cast(pl.String)))
        assert pl.Enum not in {type(kind) for kind in read.dtypes}


def test_the_config_names_every_column_that_the_files_have(company: Company, tmp_path: Path) -> None:
    write_company(company, tmp_path)
    config = tomllib.loads((tmp_path / "leadsift.toml").read_text(encoding="utf-8"))
    leads, events, outcomes = config["leads"], config["events"], config["outcomes"]
    keys = [leads["id"], leads["handed_over_at"], leads["owner"], leads["first_touch_at"]]
    named = [*keys, *leads["exclude"], *config["features"]["fit"]]
    assert sorted(named) == sorted(company.leads.columns)
    assert sorted(value for key, value in events.items() if key != "file") == sorted(company.events.columns)
    decision = ("lead_id", "decided_at", "outcome", "reason")
    assert [outcomes[key] for key in decision] == company.outcomes.columns
    words = {word for words in outcomes["values"].values() for word in words}
    assert words == set(company.outcomes["outcome"].cast(pl.String))


def test_most_of_the_last_weeks_kept_a_promise_near_what_was_delivered(company: Company, tmp_path: Path) -> None:
    write_company(company, tmp_path)
    promised = load_config(tmp_path / "leadsift.toml").sla.weekly_leads
    weeks = company.leads.group_by(pl.col("mql_at").dt.truncate("1w")).len().sort("mql_at")["len"].tail(27).head(26)
    assert promised is not None
    assert (weeks >= promised).mean() > 0.7  # type: ignore[operator]
    assert 0.8 < promised / weeks.mean() < 1  # type: ignore[operator]


def test_the_config_is_one_that_leadsift_accepts(company: Company, tmp_path: Path) -> None:
    write_company(company, tmp_path)
    config = load_config(tmp_path / "leadsift.toml")
    assert config.leads.file == tmp_path / "leads.parquet"
    assert config.company.timezone == "Europe/Madrid"


def test_a_company_without_events_can_be_written_over_another(company: Company, tmp_path: Path) -> None:
    write_company(company, tmp_path)
    write_company(simulate(leads=10, events_per_lead=0, seed=1), tmp_path)
    assert pl.read_parquet(tmp_path / "events.parquet").schema["occurred_at"] == pl.Datetime("us", "UTC")
    assert pl.read_parquet(tmp_path / "leads.parquet").height == 10


def test_twenty_thousand_leads_with_twenty_events_take_less_than_five_seconds(tmp_path: Path) -> None:
    began = time.perf_counter()
    write_company(simulate(leads=20_000, events_per_lead=20, seed=1), tmp_path)
    assert time.perf_counter() - began < 5
