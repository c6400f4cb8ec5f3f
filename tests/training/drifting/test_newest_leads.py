"""Which leads a model is compared on, and what is known of them."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.config import Config, load_config
from features.errors import DataError
from features.tables import Tables
from serving.model.scoring import ScoringModel
from training.drifting.newest_leads import newest_in_file, newest_of, with_attributes

TOML = """
[leads]
file = "leads.csv"
id = "id"
{time}
label = {{ column = "won", positive = ["yes"] }}
[features]
fit = ["employees", "role", "country", "calls"]
"""
FIRST = datetime(2026, 5, 1, tzinfo=UTC)
LEADS = 40


def config_in(folder: Path, time: str = 'handed_over_at = "at"') -> Config:
    (folder / "leadsift.toml").write_text(TOML.format(time=time), encoding="utf-8")
    (folder / "leads.csv").write_text("", encoding="utf-8")
    return load_config(folder / "leadsift.toml")


def tables_of(model: ScoringModel, leads: int = LEADS) -> Tables:
    """Give a lead a day; the outcome of every fourth is not known."""
    frame = pl.DataFrame(
        {
            "lead_id": [str(at) for at in range(leads)],
            "as_of": [FIRST + timedelta(days=at) for at in range(leads)],
            "arrival": np.arange(leads),
            "label": pl.Series([None if at % 4 == 0 else at % 2 for at in range(leads)], dtype=pl.Int8),
            "attr:employees": np.arange(leads, dtype=float),
            "attr:role": ["Manager"] * leads,
            "attr:country": ["ES"] * leads,
            "attr:calls": [0.0] * leads,
        }
    )
    events = pl.DataFrame(schema={"lead_id": pl.String, "occurred_at": pl.Datetime("us", "UTC"), "type": pl.String})
    return Tables(frame, events, None, model.catalog.attributes, None)


def learned(model: ScoringModel, **said: Any) -> ScoringModel:
    training: Mapping[str, Any] = model.info.training | {"learned_until": None} | said
    return replace(model, info=replace(model.info, training=dict(training)))


def test_by_default_they_are_all_that_came_after_what_was_learned_from(model: ScoringModel, tmp_path: Path) -> None:
    until = (FIRST + timedelta(days=29)).isoformat()
    newest = newest_of(config_in(tmp_path), tables_of(model), learned(model, learned_until=until))

    assert newest.leads["lead_id"].to_list() == [str(at) for at in range(30, LEADS)]
    assert np.isnan(newest.y).tolist() == [at % 4 == 0 for at in range(30, LEADS)]


def test_where_only_the_order_is_known_they_are_the_newest_rows(model: ScoringModel, tmp_path: Path) -> None:
    newest = newest_of(config_in(tmp_path, ""), tables_of(model), learned(model, learned_in_order=35))

    assert newest.leads["lead_id"].to_list() == ["35", "36", "37", "38", "39"]


def test_outcomes_that_were_learned_from_prove_nothing(model: ScoringModel, tmp_path: Path) -> None:
    until = (FIRST + timedelta(days=29)).isoformat()
    since = FIRST + timedelta(days=20)
    newest = newest_of(config_in(tmp_path), tables_of(model), learned(model, learned_until=until), since)

    assert newest.leads.height == 20
    assert np.isnan(newest.y[:10]).all()
    assert newest.y[11:14].tolist() == pytest.approx([1.0, np.nan, 1.0], nan_ok=True)
    assert newest.which == "handed over since 2026-05-21"


def test_a_day_begins_at_midnight_of_the_company_s_clock(model: ScoringModel, tmp_path: Path) -> None:
    until, since = FIRST.isoformat(), datetime(2026, 5, 21, tzinfo=ZoneInfo("Asia/Tokyo"))
    newest = newest_of(config_in(tmp_path), tables_of(model), learned(model, learned_until=until), since)

    assert newest.leads["as_of"].min() == datetime(2026, 5, 21, tzinfo=UTC)
    assert newest.which == "handed over since 2026-05-21"
    later = since.replace(tzinfo=ZoneInfo("America/New_York"))
    newest = newest_of(config_in(tmp_path), tables_of(model), learned(model, learned_until=until), later)
    assert newest.leads["as_of"].min() == datetime(2026, 5, 22, tzinfo=UTC)


def test_a_day_cannot_choose_leads_without_times(model: ScoringModel, tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"leads have no time to choose by; leave --since out"):
        newest_of(config_in(tmp_path, ""), tables_of(model), learned(model, learned_in_order=35), FIRST)


def test_a_file_of_leads_is_read_with_what_the_model_reads(model: ScoringModel, tmp_path: Path) -> None:
    (tmp_path / "new.csv").write_text(
        "id,employees,role,country,calls\na,5,Manager,ES,0\nb,,Buyer,,1\n", encoding="utf-8"
    )
    newest = newest_in_file(config_in(tmp_path), model, tmp_path / "new.csv", None, FIRST)

    assert newest.leads["attr:employees"].to_list() == [5.0, None]
    assert np.isnan(newest.y).all()
    assert newest.which == "of new.csv"


def test_a_column_read_as_another_kind_is_emptied_and_said(model: ScoringModel) -> None:
    there = (Attribute("employees", Side.FIT, Kind.CATEGORY), *model.catalog.attributes[1:])
    leads, gone = with_attributes(pl.DataFrame({"attr:employees": ["few"]}), there, model.catalog.attributes)

    assert leads["attr:employees"].to_list() == [None]
    assert [shift.detail for shift in gone] == [
        "column 'employees', which the model reads, is read as category and was number"
    ]
