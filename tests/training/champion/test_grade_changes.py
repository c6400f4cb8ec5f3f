"""Who changes grade between two models: counted lead by lead."""

from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import StringIO

import numpy as np
import polars as pl
import pytest
from rich.console import Console

from features.lead import Event, Lead
from features.tables import INSTANT, Tables, no_events
from serving.model.grades import GradeCuts
from serving.model.scoring import ScoringModel
from training.champion.grade_changes import NEWEST_LEADS, GradeChanges, changed, grade_changes
from training.champion.grade_changes_report import render_grade_changes

LEADS = NEWEST_LEADS + 200
END = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def tables(tiny_model: ScoringModel) -> Tables:
    chance = np.random.default_rng(4)
    arrival = chance.permutation(LEADS)
    leads = pl.DataFrame(
        {
            "lead_id": [f"L{at}" for at in range(LEADS)],
            "as_of": pl.Series([END - timedelta(hours=LEADS - int(at)) for at in arrival], dtype=INSTANT),
            "arrival": arrival,
            "attr:sector": chance.choice(["software", "retail"], LEADS),
            "attr:employees": chance.integers(1, 900, LEADS).astype(float),
        }
    )
    downloads = leads.sample(500, seed=1, with_replacement=True).select(
        "lead_id", occurred_at="as_of", type=pl.lit("download"), content=pl.lit(None, pl.String)
    )
    return Tables(leads, pl.concat([no_events(), downloads]), None, tiny_model.catalog.attributes, None)


@pytest.fixture
def stricter(tiny_model: ScoringModel) -> ScoringModel:
    return replace(tiny_model, version="8", cuts=GradeCuts((30.0, 15.0, -20.0), (9.0, 5.0, -1.0)))


def by_hand(old: ScoringModel, new: ScoringModel, tables: Tables) -> Counter[tuple[str, str]]:
    """Score each of the newest leads as the service would, and count old grade with new grade."""
    did: dict[str, list[Event]] = {}
    for event in tables.events.iter_rows(named=True):
        did.setdefault(event["lead_id"], []).append(Event(event["type"], event["occurred_at"]))
    found: Counter[tuple[str, str]] = Counter()
    for row in tables.leads.filter(pl.col("arrival") >= LEADS - NEWEST_LEADS).iter_rows(named=True):
        attributes = {"sector": row["attr:sector"], "employees": row["attr:employees"]}
        lead = Lead(attributes, did.get(row["lead_id"], []), row["as_of"])
        before, after = old.score_lead(lead, 0), new.score_lead(lead, 0)
        found[before.fit.grade, after.fit.grade] += 1
        found[before.engagement.grade, after.engagement.grade] += 1
        found[before.segment.value, after.segment.value] += 1
    return found


def test_the_matrices_count_what_the_service_would_say_of_each_of_the_newest_leads(
    tiny_model: ScoringModel, stricter: ScoringModel, tables: Tables
) -> None:
    changes = grade_changes(tiny_model, stricter, tables).to_json()

    counted = {
        (old, new): count
        for side in ("fit", "engagement", "segment")
        for old, row in zip(changes[side]["grades"], changes[side]["matrix"], strict=True)
        for new, count in zip(changes[side]["grades"], row, strict=True)
        if count
    }
    expected = by_hand(tiny_model, stricter, tables)
    assert counted == expected
    golden = Counter({pair: count for pair, count in expected.items() if "golden" in pair})
    assert (changes["from"], changes["to"], changes["leads"]) == ("7", "8", NEWEST_LEADS)
    assert changes["golden"] == {
        "before": sum(count for (old, _), count in golden.items() if old == "golden"),
        "after": sum(count for (_, new), count in golden.items() if new == "golden"),
        "enter": sum(count for (old, _), count in golden.items() if old != "golden"),
        "leave": sum(count for (_, new), count in golden.items() if new != "golden"),
    }
    assert changes["golden"]["leave"] > 0


def test_a_model_held_against_itself_changes_nothing(tiny_model: ScoringModel, tables: Tables) -> None:
    changes = grade_changes(tiny_model, tiny_model, tables)
    assert (changed(changes.fit), changed(changes.engagement)) == (0, 0)
    assert (changes.enter_golden, changes.leave_golden) == (0, 0)


def test_the_changes_are_said_in_a_sentence_and_a_table() -> None:
    fit = ((3, 2, 0, 0), (1, 4, 0, 0), (0, 0, 0, 0), (0, 0, 0, 1_000))
    changes = GradeChanges("1", "2", 1_010, fit, fit, ((10, 0, 3, 0), (1, 0, 0, 0), (0, 0, 0, 0), (0, 0, 0, 996)))
    assert changes.sentence() == (
        "Of the newest 1,010 leads, 3 change fit grade and 3 engagement grade; "
        "1 enter golden and 3 leave it (13 before, 11 after)."
    )
    console = Console(width=100, record=True, file=StringIO())
    for part in render_grade_changes(changes):
        console.print(part)
    lines = console.export_text().splitlines()
    assert [line.split() for line in lines[-4:-2]] == [
        ["A", "3", "2", "·", "·", "1", "3", "2", "·", "·"],
        ["B", "1", "4", "·", "·", "2", "1", "4", "·", "·"],
    ]
