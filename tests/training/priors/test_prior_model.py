"""The model before there is evidence: one rate for all, moved by nothing but declared points, exactly."""

from datetime import UTC, datetime

import numpy as np
import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from features.config import Priors
from serving.model.points import POINTS_PER_LOG_ODDS
from serving.model.scoring import NOT_ENOUGH_EVIDENCE, ModelInfo, ScoringModel
from training.assemble import assemble_model
from training.measuring.metrics import Floats
from training.priors.prior_model import FEWEST_OF_EACH, fit_prior, is_enough, learned_from, prior_findings
from training.priors.prior_points import DeclaredPoints, read_points
from training.priors.rate_belief import believe

CATALOG = build_catalog(
    [
        Attribute("sector", Side.FIT, Kind.CATEGORY),
        Attribute("employees", Side.FIT, Kind.NUMBER),
        Attribute("opted in", Side.FIT, Kind.FLAG),
        Attribute("visits", Side.ENGAGEMENT, Kind.NUMBER),
    ],
    [],
)
POINTS = {"sector=software": 10.0, "sector=rare": -30.0, "employees>=50": 6.0, "employees>=200": 4.0, "opted in=yes": 5}
BELIEF = believe(np.array([1.0, 0.0]), Priors(rate=0.1, leads=40))


def leads() -> pl.DataFrame:
    rows = [
        ("software", 10.0, 1.0, 3.0),
        ("retail", 50.0, 0.0, None),
        ("rare", 500.0, 1.0, 0.0),
        (None, None, None, 1.0),
    ]
    return pl.DataFrame(rows * 10, list(CATALOG.names), orient="row")


def declared() -> tuple[DeclaredPoints, ...]:
    return read_points(POINTS, CATALOG)


def assembled(features: pl.DataFrame, given: tuple[DeclaredPoints, ...], y: Floats) -> ScoringModel:
    fitted = fit_prior(features, BELIEF, CATALOG, given)
    training, quality = {"state": NOT_ENOUGH_EVIDENCE}, {"rate": BELIEF.to_json()}
    info = ModelInfo(datetime(2026, 3, 1, tzinfo=UTC), 90, "Acme", training, quality)
    return assemble_model(
        features, y, encoder=fitted.encoder, linear=fitted.linear, texts=(), blend=fitted.blend, info=info
    )


@pytest.fixture(scope="module")
def model() -> ScoringModel:
    y = np.full(40, np.nan)
    y[:2] = 1.0, 0.0
    return assembled(leads(), declared(), y)


def test_without_declared_points_every_lead_has_the_believed_rate() -> None:
    p = fit_prior(leads(), BELIEF, CATALOG).probabilities(leads())

    assert p == pytest.approx(np.full(40, BELIEF.rate))


def test_with_declared_points_the_mean_over_the_leads_is_the_believed_rate() -> None:
    p = fit_prior(leads(), BELIEF, CATALOG, declared()).probabilities(leads())

    assert p.mean() == pytest.approx(BELIEF.rate)
    assert p.std() > 0.01


@pytest.mark.parametrize(
    ("change", "points"),
    [
        ({"sector": "software"}, 10),
        ({"sector": "rare"}, -30),
        ({"sector": "retail"}, 0),
        ({"employees": 49.0}, 0),
        ({"employees": 50.0}, 6),
        ({"employees": 199.0}, 6),
        ({"employees": 200.0}, 10),
        ({"opted in": 1.0}, 5),
        ({"opted in": 0.0}, 0),
        ({"visits": 99.0}, 0),
    ],
)
def test_a_declared_value_moves_the_points_by_exactly_what_was_declared(
    model: ScoringModel, change: dict[str, str | float], points: float
) -> None:
    nothing = dict.fromkeys(CATALOG.names, None)
    base, moved = (model.score_values([*values.values()], reasons=9) for values in (nothing, nothing | change))

    assert moved.points - base.points == pytest.approx(points, abs=1e-9)
    log_odds = [np.log(each.probability / (1 - each.probability)) for each in (base, moved)]
    assert (log_odds[1] - log_odds[0]) * POINTS_PER_LOG_ODDS == pytest.approx(points, abs=1e-6)


def test_reasons_add_up_to_their_side(model: ScoringModel) -> None:
    score = model.score_values(["software", 300.0, 1.0, 2.0], reasons=9)

    assert sum(each.points for each in score.reasons if each.side is Side.FIT) == pytest.approx(score.fit.points)
    assert score.engagement.points == pytest.approx(0)


def test_evidence_behind_reasons_counts_known_leads_alone(model: ScoringModel) -> None:
    counted = [cell.leads for cell in model.evidence[CATALOG.names.index("sector")].cells]

    assert sum(counted) == 2


def test_everybody_who_reads_a_score_is_warned_with_the_interval(model: ScoringModel) -> None:
    assert model.info.warnings == (
        "not enough evidence: 1 SQLs of 2 leads are known, so nothing is learned yet, and the share that becomes SQLs "
        f"may be anything from {BELIEF.low:.0%} to {BELIEF.high:.0%}",
    )


def test_a_column_without_any_value_can_carry_points() -> None:
    features = leads().with_columns(employees=pl.lit(None, pl.Float64))
    p = fit_prior(features, BELIEF, CATALOG, read_points({"employees>=50": 6}, CATALOG)).probabilities(leads())

    assert len(np.unique(p.round(9))) == 2


def test_enough_is_so_many_of_each_outcome_among_the_leads_that_are_not_kept_back() -> None:
    y = np.tile([1.0, 0.0], FEWEST_OF_EACH)

    assert is_enough(np.concatenate([y, np.zeros(8)]), 0.28)
    assert not is_enough(np.concatenate([np.zeros(8), y]), 0.28)
    assert not is_enough(np.zeros(1_000), 0.3)
    assert not is_enough(np.ones(1_000), 0.3)


@pytest.mark.parametrize(("known", "older"), [(0, 0), (1, 1), (2, 1), (10, 7)])
def test_any_number_of_leads_can_be_cut(known: int, older: int) -> None:
    assert learned_from(known, 0.3) == older


def test_the_finding_says_what_is_known_what_comes_of_it_and_what_was_declared() -> None:
    (finding,) = prior_findings(BELIEF, declared(), leads(), CATALOG)

    assert "1 SQLs and 1 others are known, and learning takes 10 of each" in finding.detail
    assert "12% (" in finding.detail
    assert "10% is declared), moved by 5 declared points" in finding.detail
