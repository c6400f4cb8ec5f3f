"""What is known before the hand-over passes, however much it helps."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.config import load_config
from features.findings import Severity
from features.labels import label_leads
from features.sources import read_training_tables
from features.tables import INSTANT, Tables, no_events
from tests.training.leak_guard.conftest import Sample
from training.leak_guard import find_leaks, search_leaks

ROOT = Path(__file__).parents[3]
DATA = ROOT.parent / "shared" / "data"


def test_the_sample_company_has_no_leak(sample: Sample) -> None:
    assert sample.leaks() == {}


def test_an_amount_spread_over_a_wide_range_is_no_id(sample: Sample, chance: np.random.Generator) -> None:
    revenue = np.round(chance.lognormal(14, 1.5, len(sample.y)))

    assert sample.with_column(Kind.NUMBER, revenue).leaks() == {}


def test_words_of_a_free_text_that_winners_use_more_often_are_no_leak(
    sample: Sample, chance: np.random.Generator
) -> None:
    urgent = chance.random(len(sample.y)) < np.where(sample.known == 1, 0.5, 0.2)
    said = [f"{'urgent' if each else 'some time'}, caller {at // 2}" for at, each in enumerate(urgent)]

    assert sample.with_column(Kind.CATEGORY, said).leaks() == {}


def test_a_column_that_was_dropped_a_year_ago_is_no_leak(sample: Sample, chance: np.random.Generator) -> None:
    arrival = sample.tables.leads["arrival"].to_numpy()
    until_then = np.where(arrival < len(arrival) / 2, chance.normal(size=len(arrival)), np.nan)

    assert sample.with_column(Kind.NUMBER, until_then).leaks() == {}


def test_a_day_before_the_hand_over_is_no_leak(sample: Sample, chance: np.random.Generator) -> None:
    ages = pl.Series((chance.exponential(90, len(sample.y)) * 86_400_000_000).astype(np.int64)).cast(pl.Duration("us"))

    assert sample.with_column(Kind.DATE, sample.tables.leads["as_of"] - ages).leaks() == {}


def test_an_event_type_that_helps_is_no_leak_whatever_its_name(sample: Sample, chance: np.random.Generator) -> None:
    had = chance.random(len(sample.y)) < np.where(sample.known == 1, 0.3, 0.15)

    assert sample.with_events("contract_page_view", pl.Series(had)).leaks() == {}


def test_an_event_after_the_hand_over_is_never_looked_at(sample: Sample) -> None:
    late = sample.with_events("deal won", pl.Series(sample.known == 1))
    moved = late.tables.events.with_columns(
        pl.when(pl.col("type") == "deal won")
        .then(pl.col("occurred_at") + pl.duration(hours=2))
        .otherwise("occurred_at")
        .alias("occurred_at")
    )

    assert replace(late, tables=replace(late.tables, events=moved)).leaks() == {}


def test_leads_that_are_alike_by_chance_are_no_duplicates(sample: Sample) -> None:
    without_events = replace(sample, tables=replace(sample.tables, events=no_events()))

    assert without_events.leaks() == {}


@pytest.mark.parametrize("known", [[], [1.0], [0.0, 0.0, 0.0], [1.0, 0.0], [1.0, np.nan, 0.0, 0.0], [np.nan, np.nan]])
@pytest.mark.parametrize("values", [None, "7", "1"], ids=["empty", "equal", "own"])
def test_next_to_no_leads_have_no_leak_and_break_nothing(known: list[float], values: str | None) -> None:
    y = np.array(known, dtype=np.float64)
    texts = [values and f"{values}{at if values == '1' else ''}" for at in range(len(y))]
    leads = pl.DataFrame(
        {
            "lead_id": pl.Series([str(at) for at in range(len(y))], dtype=pl.String),
            "as_of": pl.Series([None] * len(y), dtype=INSTANT),
            "arrival": pl.Series(range(len(y)), dtype=pl.Int64),
            "attr:text": pl.Series(texts, dtype=pl.String),
            "attr:number": pl.Series(texts, dtype=pl.String).cast(pl.Float64, strict=False),
        }
    )
    attributes = tuple(
        Attribute(name, Side.FIT, kind) for name, kind in (("text", Kind.CATEGORY), ("number", Kind.NUMBER))
    )

    assert search_leaks(Tables(leads, no_events(), None, attributes, None), y) == ()


FILES = {
    "bank/leadsift.toml": ("bank/bank-additional-full.csv", "duration"),
    "bank/bank-full.toml": ("bank/bank-full.csv", "duration"),
    "online_shoppers/leadsift.toml": ("online_shoppers/online_shoppers_intention.csv", "PageValues"),
}


@pytest.mark.parametrize("example", FILES)
def test_of_the_public_files_the_known_leak_alone_is_found(example: str, tmp_path: Path) -> None:
    file, leak = FILES[example]
    if not (DATA / file).exists():
        pytest.skip(f"{file} is not beside the project")
    (tmp_path / Path(file).name).symlink_to(DATA / file)
    toml = (ROOT / "examples" / example).read_text(encoding="utf-8")
    assert f'exclude = ["{leak}"]' in toml
    found = {}
    listed = toml.replace(f'exclude = ["{leak}"]', "").replace("engagement = [", f'engagement = ["{leak}", ', 1)
    for name, text in (("clean", toml), ("leaking", listed)):
        config_file = tmp_path / f"{name}.toml"
        config_file.write_text(text, encoding="utf-8")
        config = load_config(config_file)
        tables = read_training_tables(config)
        found[name] = find_leaks(tables, label_leads(tables, config.label.horizon_days).y)

    assert found["clean"] == ()
    assert [(each.column, each.severity) for each in found["leaking"]] == [(leak, Severity.WARNING)]
