"""A model is compared on leads that came after all that it learned from: those it left out as too young among them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import polars as pl

from features.tables import INSTANT
from serving.model.scoring import ModelInfo, ScoringModel
from training.champion.learned import learned_period, newer_than

START = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = [START + timedelta(days=day) for day in range(6)]


def leads(moments: list[datetime] | None) -> pl.DataFrame:
    as_of = pl.Series("as_of", moments or [None] * 6, dtype=INSTANT)
    return pl.DataFrame({"lead_id": list("abcdef"), "arrival": range(6)}).with_columns(as_of)


def model_that_learned(model: ScoringModel, training: dict[str, Any]) -> ScoringModel:
    return replace(model, info=ModelInfo(START, 90, "", training=training))


KNOWN = np.array([0, 1, 3])


def test_leads_that_were_too_young_to_learn_from_are_newer(tiny_model: ScoringModel) -> None:
    period = learned_period(leads(MOMENTS), KNOWN)
    assert period == {
        "learned_from": "2026-01-01T00:00:00+00:00",
        "learned_until": "2026-01-04T00:00:00+00:00",
        "learned_in_order": 4,
    }
    assert newer_than(model_that_learned(tiny_model, period), leads(MOMENTS)).tolist() == [False] * 4 + [True] * 2


def test_a_lead_of_the_same_moment_as_the_last_one_learned_from_is_not_newer(tiny_model: ScoringModel) -> None:
    tied = [*MOMENTS[:4], MOMENTS[3], MOMENTS[5]]
    period = learned_period(leads(tied), KNOWN)
    assert newer_than(model_that_learned(tiny_model, period), leads(tied)).tolist() == [False] * 5 + [True]


def test_without_times_the_order_of_arrival_decides(tiny_model: ScoringModel) -> None:
    period = learned_period(leads(None), KNOWN)
    assert (period["learned_until"], period["learned_in_order"]) == (None, 4)
    assert newer_than(model_that_learned(tiny_model, period), leads(None)).tolist() == [False] * 4 + [True] * 2


def test_to_a_model_that_learned_from_no_lead_all_are_newer(tiny_model: ScoringModel) -> None:
    period = learned_period(leads(MOMENTS), KNOWN[:0])
    assert newer_than(model_that_learned(tiny_model, period), leads(MOMENTS)).all()


def test_a_model_of_before_this_was_noted_falls_back_to_its_newest_lead(tiny_model: ScoringModel) -> None:
    older = model_that_learned(tiny_model, {"newest": MOMENTS[4].isoformat(), "leads_in_order": 5})
    assert newer_than(older, leads(MOMENTS)).tolist() == [False] * 5 + [True]
