"""The champion is recalibrated by leads it did not learn from, and judged on outcomes that each step did not know."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from scipy.special import logit

from features.config import Config, load_config
from features.errors import DataError
from features.tables import Tables
from serving.model.scoring import NOT_ENOUGH_EVIDENCE, ScoringModel
from tests.serving.conftest import LEADS, SmallModel
from training.measuring.metrics import Floats
from training.over_time.recalibrate import recalibrate, walk_forward
from training.over_time.recalibration import fit_recalibration


@pytest.fixture(scope="module")
def small() -> SmallModel:
    return SmallModel()


@pytest.fixture
def config(tmp_path: Path) -> Config:
    (tmp_path / "leads.csv").write_text("won\nyes\nno\n")
    toml = tmp_path / "leadsift.toml"
    toml.write_text('[leads]\nfile = "leads.csv"\nlabel = { column = "won", positive = ["yes"] }\n')
    return load_config(toml)


def tables(small: SmallModel, y: Floats) -> Tables:
    """Give the leads of the small model in their order, with these outcomes."""
    leads = small.leads.with_columns(
        pl.int_range(LEADS).alias("arrival"), pl.Series("label", y).fill_nan(None).cast(pl.Int8)
    )
    return Tables(leads, small.events, None, small.attributes, None)


def learned(model: ScoringModel, **training: object) -> ScoringModel:
    return replace(model, info=replace(model.info, training={**model.info.training, **training}))


def test_only_leads_that_came_after_all_it_learned_from_are_evidence(small: SmallModel, config: Config) -> None:
    champion = learned(small.model, learned_in_order=400)
    found = recalibrate(champion, tables(small, small.y), config)
    newer = slice(400, LEADS)

    expected = fit_recalibration(logit(champion.score_table(small.features[newer]).probability), small.y[newer])
    assert found.change == expected
    assert found.change.leads == 200
    assert found.model.info.training["learned_in_order"] == LEADS
    assert (found.comparison.leads, len(found.y), len(found.p)) == (180, 180, 180)
    assert found.model.info.quality == found.evaluations["model"].to_json()


def test_each_tenth_is_predicted_from_those_before_it_alone() -> None:
    chance = np.random.default_rng(4)
    log_odds, y = chance.normal(-1, 1, 95), (chance.random(95) < 0.6).astype(float)
    found = walk_forward(log_odds, y)

    assert found[:10].tolist() == log_odds[:10].tolist()
    assert found[40:50] == pytest.approx(fit_recalibration(log_odds[:40], y[:40]).apply(log_odds[40:50]))
    turned = np.concatenate([y[:50], 1 - y[50:]])
    assert walk_forward(log_odds, turned)[:60].tolist() == found[:60].tolist()
    assert len(found) == 95


@pytest.mark.parametrize(("rows", "sqls"), [(49, 20), (200, 4), (200, 196)])
def test_too_few_outcomes_are_refused_in_a_sentence(small: SmallModel, config: Config, rows: int, sqls: int) -> None:
    y = np.full(LEADS, np.nan)
    y[-rows:] = 0
    y[LEADS - sqls :] = 1

    with pytest.raises(DataError, match=f"too few outcomes .* {rows} leads with a known outcome, {sqls} of them SQLs"):
        recalibrate(small.model, tables(small, y), config)


def test_a_champion_that_learned_nothing_or_reads_what_is_gone_is_refused(small: SmallModel, config: Config) -> None:
    data = tables(small, small.y)
    fewer = replace(data, attributes=small.attributes[1:])

    with pytest.raises(DataError, match="has learned from no outcomes; train with: leadsift train"):
        recalibrate(learned(small.model, state=NOT_ENOUGH_EVIDENCE), data, config)
    with pytest.raises(DataError, match="the data no longer has all that version new reads"):
        recalibrate(small.model, fewer, config)
