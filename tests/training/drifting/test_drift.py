"""Planted drifts are found by name, nothing else is, and equal leads seldom say anything."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import numpy as np
import polars as pl
import pytest

from features.errors import BundleError
from features.findings import Severity
from serving.model.scoring import NOT_ENOUGH_EVIDENCE, ScoringModel
from tests.training.drifting.conftest import LEARNED, Draw
from training.drifting.drift import Drift, find_drift
from training.drifting.drift_report import render_drift
from training.drifting.newest_leads import NewestLeads, with_attributes

COUNT = 800
Plant = Callable[[NewestLeads], NewestLeads]


def every(rows: int) -> pl.Expr:
    return pl.int_range(pl.len()) % rows == 0


def with_leads(newest: NewestLeads, *columns: pl.Expr) -> NewestLeads:
    return replace(newest, leads=newest.leads.with_columns(columns))


def with_events(newest: NewestLeads, kept: pl.Expr) -> NewestLeads:
    return replace(newest, events=newest.events.filter(kept))


def larger(newest: NewestLeads) -> NewestLeads:
    return with_leads(newest, pl.col("attr:employees") * 4)


def astronauts(newest: NewestLeads) -> NewestLeads:
    return with_leads(newest, pl.when(every(6)).then(pl.lit("Astronaut")).otherwise("attr:role").alias("attr:role"))


def nowhere(newest: NewestLeads) -> NewestLeads:
    return with_leads(newest, pl.when(every(2)).then(None).otherwise("attr:country").alias("attr:country"))


def called(newest: NewestLeads) -> NewestLeads:
    return with_leads(newest, pl.when(every(3)).then(2.0).otherwise("attr:calls").alias("attr:calls"))


def fewer_downloads(newest: NewestLeads) -> NewestLeads:
    return with_events(newest, (pl.col("type") != "download") | every(4))


def more_sqls(newest: NewestLeads) -> NewestLeads:
    return replace(newest, y=np.where(np.arange(COUNT) % 4 == 0, 1.0, newest.y))


def webinars(newest: NewestLeads) -> NewestLeads:
    return replace(
        newest,
        events=pl.concat(
            [
                newest.events,
                newest.leads[: COUNT // 3].select(
                    "lead_id",
                    (pl.col("as_of") - timedelta(days=200)).alias("occurred_at"),
                    pl.lit("webinar").alias("type"),
                    pl.lit(None, pl.String).alias("content"),
                ),
            ]
        ),
    )


def kinds_found(drift: Drift) -> set[tuple[str, str | None]]:
    return {(shift.kind, shift.feature) for shift in drift.found}


@pytest.mark.parametrize(
    ("plant", "named", "allowed"),
    [
        (larger, {("distribution", "employees")}, "employees"),
        (astronauts, {("level", "role")}, "role"),
        (nowhere, {("missing", "country"), ("distribution", "country")}, "country"),
        (called, {("distribution", "calls")}, "calls"),
        (fewer_downloads, {("volume", "events.download.count_30d")}, "events"),
        (webinars, {("event_type", "webinar")}, "events.any"),
        (more_sqls, {("base_rate", None), ("calibration", None)}, ""),
    ],
)
def test_a_planted_drift_is_found_by_name(
    model: ScoringModel, draw: Draw, plant: Plant, named: set[tuple[str, str | None]], allowed: str
) -> None:
    drift = find_drift(model, plant(draw(COUNT, 1)))

    assert named <= kinds_found(drift)
    assert drift.severity is Severity.ERROR
    others = {feature or kind for kind, feature in kinds_found(drift) - named}
    assert all(allowed and name.startswith(allowed) for name in others), others


def test_a_sentence_names_the_feature_and_both_numbers(model: ScoringModel, draw: Draw) -> None:
    found = {(shift.kind, shift.feature): shift for shift in find_drift(model, nowhere(draw(COUNT, 1))).found}
    missing = found["missing", "country"]

    assert missing.detail.startswith("country: not known for 5")
    assert missing.newest == pytest.approx(0.55, abs=0.03)
    assert missing.learned == pytest.approx(0.1, abs=0.02)


def test_a_new_level_is_named_with_its_share(model: ScoringModel, draw: Draw) -> None:
    shifts = find_drift(model, astronauts(draw(COUNT, 1))).shifts
    level = next(shift for shift in shifts if shift.kind == "level" and shift.feature == "role")

    assert level.detail.startswith("role: 'Astronaut' is on 16.8% of the newest leads; it was on at most ")


def test_a_rare_level_that_is_as_rare_as_before_is_not_new(model: ScoringModel, draw: Draw) -> None:
    shifts = find_drift(model, draw(COUNT, 1)).shifts
    level = next(shift for shift in shifts if shift.kind == "level" and shift.feature == "role")

    assert level.severity is Severity.INFO


def test_what_is_expected_of_the_outcomes_comes_with_its_interval(model: ScoringModel, draw: Draw) -> None:
    drift = find_drift(model, draw(COUNT, 1))

    assert drift.matured is not None
    assert drift.matured.expected_low < drift.matured.expected < drift.matured.expected_high
    assert drift.matured.expected_low <= drift.matured.sqls <= drift.matured.expected_high
    assert drift.matured.leads == COUNT


@pytest.mark.parametrize("count", [40, 250])
def test_equal_leads_say_something_in_at_most_one_comparison_of_twenty(
    model: ScoringModel, draw: Draw, count: int
) -> None:
    alarms = sum(bool(find_drift(model, draw(count, seed)).found) for seed in range(20))

    assert alarms <= 1


def test_few_leads_do_not_cry_wolf_however_odd_they_are(model: ScoringModel, draw: Draw) -> None:
    newest = draw(5, 3)
    odd = replace(newest, leads=newest.leads.with_columns(pl.lit("ES").alias("attr:country")))

    assert find_drift(model, odd).found == ()


def test_without_newest_leads_nothing_is_compared(model: ScoringModel, draw: Draw) -> None:
    newest = draw(5, 3)
    drift = find_drift(model, replace(newest, leads=newest.leads.clear(), y=np.array([])))

    assert (drift.leads, drift.shifts, drift.matured) == (0, (), None)
    assert drift.severity is Severity.INFO


def test_a_model_that_has_learned_nothing_gives_nothing_to_compare_with(model: ScoringModel, draw: Draw) -> None:
    prior = replace(model, info=replace(model.info, training=model.info.training | {"state": NOT_ENOUGH_EVIDENCE}))
    drift = find_drift(prior, larger(draw(COUNT, 1)))

    assert drift.shifts == ()
    assert "version 7 had too few outcomes to learn from" in str(list(render_drift(drift))[-1])


def test_without_known_outcomes_the_features_are_compared_all_the_same(model: ScoringModel, draw: Draw) -> None:
    newest = larger(draw(COUNT, 1))
    drift = find_drift(model, replace(newest, y=np.full(COUNT, np.nan)))

    assert drift.matured is None
    assert ("distribution", "employees") in kinds_found(drift)


def test_an_attribute_that_the_data_lost_is_an_error_and_the_rest_is_compared(model: ScoringModel, draw: Draw) -> None:
    newest = draw(COUNT, 1)
    there = model.catalog.attributes[1:]
    leads, gone = with_attributes(newest.leads.drop("attr:employees"), there, model.catalog.attributes)
    drift = find_drift(model, replace(newest, leads=leads, gone=gone))

    assert drift.shifts[0].detail == "column 'employees', which the model reads, is not in the data any more"
    assert {feature for _, feature in kinds_found(drift)} == {"employees"}


def test_the_json_says_all_that_was_compared(model: ScoringModel, draw: Draw) -> None:
    said = find_drift(model, larger(draw(COUNT, 1))).to_json()

    assert (said["version"], said["leads"], said["learned"]) == ("7", COUNT, LEARNED)
    assert said["severity"] == "error"
    assert sum(said["counts"].values()) == said["compared"] == len(said["shifts"])
    assert said["shifts"][0]["severity"] == "error"


def test_a_model_that_kept_nothing_of_its_leads_is_said_to_need_a_training(model: ScoringModel, draw: Draw) -> None:
    bare = replace(model, info=replace(model.info, training={"known": LEARNED, "sql": 400}))

    with pytest.raises(BundleError, match="version 7 does not say how its scores lay in training; train again"):
        find_drift(bare, draw(5, 3))
