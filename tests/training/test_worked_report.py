"""Worked and unworked leads beside each other, where it is known how sales chose."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from features.config import Priors
from serving.model.scoring import ModelInfo, ScoringModel
from training.assemble import assemble_model
from training.measuring.metrics import Floats
from training.priors.prior_model import fit_prior
from training.priors.prior_points import read_points
from training.priors.rate_belief import believe
from training.worked_report import WorkedReport, compare_groups
from training.worked_report_render import worked_rows

LEADS = 2_000
CATALOG = build_catalog(
    [Attribute("sector", Side.FIT, Kind.CATEGORY), Attribute("visits", Side.ENGAGEMENT, Kind.NUMBER)], []
)


@pytest.fixture(scope="module")
def features() -> pl.DataFrame:
    chance = np.random.default_rng(0)
    sector = np.where(chance.random(LEADS) < 0.5, "software", "retail")
    return pl.DataFrame({"sector": sector, "visits": chance.poisson(2, LEADS).astype(float)})


@pytest.fixture(scope="module")
def model(features: pl.DataFrame) -> ScoringModel:
    declared = read_points({"sector=software": 30, "visits>=2": 20}, CATALOG)
    fitted = fit_prior(features, believe(np.zeros(0), Priors(rate=0.2)), CATALOG, declared)
    info = ModelInfo(datetime(2026, 3, 1, tzinfo=UTC), 90, "Acme")
    y = np.zeros(LEADS)
    return assemble_model(
        features, y, encoder=fitted.encoder, linear=fitted.linear, texts=(), blend=fitted.blend, info=info
    )


def report(model: ScoringModel, features: pl.DataFrame, chances: Floats | float) -> WorkedReport:
    is_worked = np.random.default_rng(1).random(LEADS) < chances
    return compare_groups(model, features, is_worked, young=7, seed=0)


def test_leads_worked_by_chance_look_like_the_others(model: ScoringModel, features: pl.DataFrame) -> None:
    found = report(model, features, 0.5)

    assert found.worked + found.unworked == LEADS
    assert found.chosen_by_score[0] == pytest.approx(0.5, abs=0.05)
    assert max(abs(each.difference) for each in found.differences) < 0.1
    assert found.meaning().startswith("Worked and unworked leads look alike")


def test_what_sales_chose_by_is_named_with_how_far_it_differs(model: ScoringModel, features: pl.DataFrame) -> None:
    is_software = (features["sector"] == "software").to_numpy()
    found = report(model, features, np.where(is_software, 0.9, 0.3))

    assert found.differences[0].feature == "sector"
    assert abs(found.differences[0].difference) > 1
    assert found.chosen_by_score[1] > 0.5
    assert found.mean_worked[1] > found.mean_unworked[2]
    assert "differs most in 'sector is " in found.meaning()


def test_grades_that_are_hardly_ever_worked_are_named(model: ScoringModel, features: pl.DataFrame) -> None:
    is_software = (features["sector"] == "software").to_numpy()
    found = report(model, features, np.where(is_software, 0.9, 0.02))

    assert found.seldom_worked
    assert all(cell[0] != "A" for cell in found.seldom_worked)
    assert f"Of leads graded {', '.join(found.seldom_worked)} fewer than one in ten was worked" in found.meaning()


def test_the_cells_hold_every_lead_once(model: ScoringModel, features: pl.DataFrame) -> None:
    found = report(model, features, 0.4)

    assert len(found.cells) == 16
    assert sum(each.worked for each in found.cells) == found.worked
    assert sum(each.unworked for each in found.cells) == found.unworked


@pytest.mark.parametrize(("chance", "says"), [(0.0, "No lead was worked"), (1.0, "Every lead was worked")])
def test_one_group_alone_is_said_so(model: ScoringModel, features: pl.DataFrame, chance: float, says: str) -> None:
    found = report(model, features, chance)

    assert found.meaning().startswith(says)
    assert found.to_json()["chosen_by_score"] is None
    assert None in found.to_json()["mean_probability"].values()


def test_the_rows_of_the_table_are_the_figures_of_the_report(model: ScoringModel, features: pl.DataFrame) -> None:
    found = report(model, features, 0.4)
    rows = worked_rows(found)

    assert rows.filter(part="leads").row(0) == ("leads", "all", found.worked, found.unworked, None)
    assert rows.filter(part="grade")["worked"].sum() == found.worked
    assert rows.filter(part="feature")["difference"].to_list() == [each.difference for each in found.differences]
