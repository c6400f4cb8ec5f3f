"""Points add up, a lead scores the same alone and in a table, and reasons read like a sentence."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest

from features.attributes import Side
from features.lead import Event, Lead
from serving.model.grades import Segment
from serving.model.points import POINTS_PER_LOG_ODDS
from tests.serving.conftest import AS_OF, LEADS, SmallModel

EVERY_REASON = 1_000


def lead_at(small: SmallModel, row: int) -> Lead:
    record = small.leads.row(row, named=True)
    own = small.events.filter(pl.col("lead_id") == record["lead_id"])
    events = [Event(each["type"], each["occurred_at"], each["content"]) for each in own.iter_rows(named=True)]
    attributes = {attribute.name: record[f"attr:{attribute.name}"] for attribute in small.attributes}
    return Lead(attributes, events, record["as_of"])


def test_probability_is_that_of_both_parts_blended_on_the_log_odds(small: SmallModel) -> None:
    trees = np.mean([booster.predict(small.matrix, raw_score=True) for booster in small.boosters], axis=0)
    log_odds = -0.1 + 0.3 * small.linear.margin(small.matrix) + 0.6 * trees
    expected = 1 / (1 + np.exp(-log_odds))
    np.testing.assert_allclose(small.model.score_table(small.features).probability, expected, atol=1e-12)


def test_the_average_training_lead_has_zero_points(small: SmallModel) -> None:
    scored = small.model.score_table(small.features)
    np.testing.assert_allclose(scored.feature_points.mean(axis=0), 0.0, atol=1e-9)


def test_twenty_points_double_the_odds(small: SmallModel) -> None:
    scored = small.model.score_table(small.features)
    points = scored.fit_points + scored.engagement_points
    odds = scored.probability / (1 - scored.probability)
    np.testing.assert_allclose(odds / odds[0], 2 ** ((points - points[0]) / 20), rtol=1e-9)


@pytest.mark.parametrize("row", range(0, LEADS, 60))
def test_all_reasons_of_a_side_add_up_to_its_points(small: SmallModel, row: int) -> None:
    score = small.model.score_lead(lead_at(small, row), reasons=EVERY_REASON)
    for side, side_score in ((Side.FIT, score.fit), (Side.ENGAGEMENT, score.engagement)):
        total = sum(reason.points for reason in score.reasons if reason.side is side)
        assert total == pytest.approx(side_score.points, abs=1e-9)
    assert score.fit.points + score.engagement.points == pytest.approx(score.points, abs=1e-9)


def test_a_lead_scores_the_same_alone_and_in_a_table_to_the_last_bit(small: SmallModel) -> None:
    table = small.model.score_table(small.features)
    columns = [small.features[name].to_list() for name in small.model.catalog.names]
    alone = [small.model.score_values(list(values), 0) for values in zip(*columns, strict=True)]
    assert [score.probability for score in alone] == table.probability.tolist()
    assert [score.fit.points for score in alone] == table.fit_points.tolist()
    assert [score.engagement.points for score in alone] == table.engagement_points.tolist()


@pytest.mark.parametrize("row", range(0, LEADS, 60))
def test_a_lead_reads_the_same_alone_and_in_a_table(small: SmallModel, row: int) -> None:
    table = small.model.score_table(small.features).frame(small.leads["lead_id"], 3, "v").row(row, named=True)
    score = small.model.score_lead(lead_at(small, row), reasons=3)
    assert score.probability == table["probability"]
    assert score.points == table["points"]
    assert (score.score, score.fit.grade, score.engagement.grade, score.segment.value) == (
        table["score"],
        table["fit_grade"],
        table["engagement_grade"],
        table["segment"],
    )
    assert "; ".join(reason.sentence() for reason in score.reasons) == table["reasons"]


def test_reasons_come_strongest_first_and_read_like_a_sentence(small: SmallModel) -> None:
    events = [Event("download", AS_OF, "guide-1")] * 3
    score = small.model.score_lead(Lead({"sector": "software", "employees": 120.0}, events, AS_OF), EVERY_REASON)
    strengths = [abs(reason.points) for reason in score.reasons]
    assert strengths == sorted(strengths, reverse=True)
    sentences = {reason.feature: reason.sentence() for reason in score.reasons}
    assert sentences["events.download.count_30d"].startswith("3 downloads in the last 30 days: +")
    assert sentences["sector"].startswith("sector is software: +")


def test_evidence_counts_training_leads_of_that_value_and_their_sqls(small: SmallModel) -> None:
    score = small.model.score_lead(Lead({"sector": "software"}, [], AS_OF), EVERY_REASON)
    evidence = next(reason.evidence for reason in score.reasons if reason.feature == "sector")
    of_software = small.leads["attr:sector"].eq_missing("software").to_numpy()
    assert evidence is not None
    assert evidence.leads == of_software.sum()
    assert evidence.conversion_rate == pytest.approx(small.y[of_software].mean())


def test_the_evidence_of_every_feature_covers_every_training_lead_once(small: SmallModel) -> None:
    for evidence in small.model.evidence:
        cells = [*evidence.cells, *([evidence.missing] if evidence.missing else [])]
        assert sum(cell.leads for cell in cells) == LEADS
        assert sum(cell.sqls for cell in cells) == small.y.sum()


def test_rare_and_unseen_values_are_named_in_warnings(small: SmallModel) -> None:
    lead = Lead({"sector": "mining"}, [Event("carrier_pigeon", AS_OF)], AS_OF)
    warnings = small.model.score_lead(lead, reasons=0).warnings
    assert "'sector': 'mining' is rare or was not seen in training" in warnings[0]
    assert "event type 'carrier_pigeon'" in warnings[1]


def test_a_lead_of_which_nothing_is_known_gets_a_score(small: SmallModel) -> None:
    score = small.model.score_lead(Lead({}, [], AS_OF), reasons=3)
    assert 0 < score.probability < 1
    assert score.segment in set(Segment)


def test_columns_of_a_feature_table_may_come_in_any_order(small: SmallModel) -> None:
    turned = small.features.select(reversed(small.features.columns))
    expected = small.model.score_table(small.features).probability
    np.testing.assert_array_equal(small.model.score_table(turned).probability, expected)


def test_base_is_the_log_odds_at_zero_points(small: SmallModel) -> None:
    shifted = replace(small.model, blend=replace(small.model.blend, intercept=small.model.blend.intercept + 1))
    assert shifted.base == pytest.approx(small.model.base + 1)
    scored = small.model.score_table(small.features)
    log_odds = np.log(scored.probability / (1 - scored.probability))
    points = scored.fit_points + scored.engagement_points
    np.testing.assert_allclose(log_odds - points / POINTS_PER_LOG_ODDS, small.model.base, atol=1e-9)


def test_grades_hold_their_share_of_training_leads(small: SmallModel) -> None:
    frame = small.model.score_table(small.features).frame(small.leads["lead_id"], 0, "v")
    shares = frame["fit_grade"].value_counts(normalize=True).sort("fit_grade")["proportion"].to_list()
    assert shares == pytest.approx([0.2, 0.3, 0.3, 0.2], abs=0.03)
