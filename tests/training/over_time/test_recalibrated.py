"""A recalibrated model is the old one with its log-odds moved: same ranking, same grades, reasons that add up."""

from pathlib import Path

import numpy as np
import pytest
from scipy.special import expit, logit

from serving.model.bundle import read_bundle, read_parts, write_bundle
from serving.model.scoring import ScoringModel
from tests.serving.conftest import SmallModel
from training.over_time.recalibrated import RECALIBRATED, recalibrated
from training.over_time.recalibration import Recalibration

CHANGE = Recalibration(centre=-1.0, shift=0.6, scale=0.7, leads=500, sqls=120)


@pytest.fixture(scope="module")
def small() -> SmallModel:
    return SmallModel()


@pytest.fixture(scope="module")
def moved(small: SmallModel) -> ScoringModel:
    return recalibrated(small.model, CHANGE, {"learned_until": "2026-03-01"}, {"leads": 1})


def test_log_odds_are_moved_as_said(small: SmallModel, moved: ScoringModel) -> None:
    before = logit(small.model.score_table(small.features).probability)
    after = moved.score_table(small.features).probability

    assert after == pytest.approx(expit(-1.0 + 0.6 + 0.7 * (before + 1.0)), abs=1e-12)


def test_points_are_scaled_and_grades_stay_also_of_leads_exactly_at_a_cut(
    small: SmallModel, moved: ScoringModel
) -> None:
    before, after = small.model.score_table(small.features), moved.score_table(small.features)

    assert after.fit_points == pytest.approx(0.7 * before.fit_points, abs=1e-9)
    assert (before.fit_points == small.model.cuts.fit[0]).any()
    assert after.fit_rank.tolist() == before.fit_rank.tolist()
    assert after.engagement_rank.tolist() == before.engagement_rank.tolist()


def test_reasons_of_a_side_add_up_to_it(small: SmallModel, moved: ScoringModel) -> None:
    row = [small.features[name][7] for name in moved.catalog.names]
    score = moved.score_values(row, reasons=100)
    total = {side: sum(each.points for each in score.reasons if each.side == side) for side in ("fit", "engagement")}

    assert total == pytest.approx({"fit": score.fit.points, "engagement": score.engagement.points}, abs=1e-9)
    assert score.points == pytest.approx(score.fit.points + score.engagement.points, abs=1e-9)


def test_the_average_training_lead_is_still_at_0_points(small: SmallModel, moved: ScoringModel) -> None:
    scored = moved.score_table(small.features)

    assert (scored.fit_points + scored.engagement_points).mean() == pytest.approx(0, abs=1e-9)
    cells = [cell for each in moved.evidence for cell in each.cells]
    old = [cell for each in small.model.evidence for cell in each.cells]
    assert [cell.mean_points for cell in cells] == pytest.approx([0.7 * cell.mean_points for cell in old])
    assert [cell.leads for cell in cells] == [cell.leads for cell in old]


def test_it_says_what_it_was_derived_from(small: SmallModel, moved: ScoringModel) -> None:
    said = moved.info.training

    assert said[RECALIBRATED] == {"from": small.model.version, **CHANGE.to_json()}
    assert (said["leads"], said["learned_until"]) == (small.model.info.training["leads"], "2026-03-01")
    assert moved.info.trained_at == small.model.info.trained_at


def test_its_bundle_is_made_of_the_parts_of_the_old_one(small: SmallModel, moved: ScoringModel, tmp_path: Path) -> None:
    small.write(tmp_path / "old")
    texts, golden = read_parts(tmp_path / "old")
    write_bundle(moved, texts, golden, tmp_path / "new")
    back = read_bundle(tmp_path / "new", "2")

    assert list(texts) == small.texts
    assert (tmp_path / "new" / "linear.json").read_bytes() == (tmp_path / "old" / "linear.json").read_bytes()
    np.testing.assert_array_equal(
        back.score_table(small.features).probability, moved.score_table(small.features).probability
    )
