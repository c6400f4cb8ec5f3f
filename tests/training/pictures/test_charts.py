"""The pictures of a model: right numbers, few rows, and real PNGs."""

from itertools import pairwise, permutations
from pathlib import Path
from typing import Any

import numpy as np
import orjson
import pytest

from features.attributes import Side
from training.measuring.evaluation import Tenth
from training.pictures.chart_style import save_json, save_png
from training.pictures.charts import (
    BINS,
    FEATURES_SHOWN,
    Floats,
    Influence,
    calibration,
    cumulative_gain,
    gain,
    model_pictures,
    score_distribution,
    top_features,
)

INFLUENCES = [Influence(f"feature {n}", float(n), Side.FIT if n % 2 else Side.ENGAGEMENT) for n in range(1, 21)]
TENTHS = tuple(Tenth(n, 100, 0.5 / n, 0.4 / n, 0.3 / n, 0.6 / n) for n in range(1, 11))


def sample(n: int) -> tuple[Floats, Floats]:
    chance = np.random.default_rng(3)
    p = chance.beta(1, 6, n)
    return p, (chance.random(n) < p).astype(np.float64)


def rows_of(chart: Any) -> list[list[dict[str, Any]]]:
    """Give the rows of every data set of a chart, whether Altair keeps it apart or in a layer."""
    drawn = chart.to_dict()
    inline = [part["data"]["values"] for part in [drawn, *drawn["layer"]] if "values" in part.get("data", {})]
    return [*drawn.get("datasets", {}).values(), *inline]


def title_of(chart: Any) -> str:
    return str(chart.to_dict()["title"]["text"])


def test_gain_is_the_mean_over_all_orders_of_leads_with_equal_probability() -> None:
    p, y = np.array([0.9, 0.5, 0.5, 0.5, 0.2, 0.2]), np.array([1.0, 1.0, 0.0, 0.0, 0.0, 1.0])
    orders = [order for order in permutations(range(6)) if all(p[a] >= p[b] for a, b in pairwise(order))]
    slow = [np.mean([y[list(order[:k])].sum() / y.sum() for order in orders]) for k in range(7)]

    assert gain(p, y, np.arange(7) / 6) == pytest.approx(slow)


def test_gain_without_any_sql_is_zero() -> None:
    assert gain(np.array([0.2, 0.1]), np.zeros(2), np.array([0.0, 0.5, 1.0])).tolist() == [0, 0, 0]


def test_the_gain_picture_says_what_the_best_leads_hold() -> None:
    p = np.linspace(0.01, 0.99, 100)
    y = (p > 0.85).astype(np.float64)
    y[:15] = 1

    assert title_of(cumulative_gain(p, y)) == "The best 30% of leads hold 50% of the SQLs"


def test_each_outcome_s_scores_add_up_to_all_of_its_leads() -> None:
    p, y = sample(500)
    bars = rows_of(score_distribution(p, y))[0]

    for outcome in ("Became an SQL", "Did not"):
        assert sum(bar["share"] for bar in bars if bar["outcome"] == outcome) == pytest.approx(1)


def test_the_score_picture_names_the_medians() -> None:
    p, y = np.array([0.1, 0.2, 0.3, 0.5, 0.6, 0.7]), np.array([0.0, 0.0, 0.0, 1.0, 1.0, 1.0])

    assert title_of(score_distribution(p, y)) == "Half of the SQLs scored above 60, half of the others below 20"


def test_the_calibration_picture_shows_every_tenth_with_its_interval() -> None:
    picture = calibration(TENTHS)

    assert [vars(tenth) for tenth in TENTHS] in rows_of(picture)
    assert "1,000 leads" in picture.to_dict()["title"]["subtitle"]


def test_the_strongest_features_come_first_and_the_weak_ones_are_left_out() -> None:
    shown = rows_of(top_features(INFLUENCES))[0]

    assert [row["points"] for row in shown] == [float(n) for n in range(20, 20 - FEATURES_SHOWN, -1)]
    assert {row["side"] for row in shown} == {"Fit: who the lead is", "Engagement: what the lead did"}


def test_pictures_stay_small_however_many_leads_there_are() -> None:
    p, y = sample(50_000)

    for chart in model_pictures(TENTHS, p, y, INFLUENCES).values():
        assert sum(len(values) for values in rows_of(chart)) <= max(250, 2 * BINS)


@pytest.mark.parametrize("y", [np.zeros(3), np.ones(3), np.array([0.0, 1.0, 0.0])])
def test_a_handful_of_leads_of_one_outcome_can_be_drawn(y: Floats, tmp_path: Path) -> None:
    for name, chart in model_pictures(TENTHS[:3], np.full(3, 0.2), y, INFLUENCES[:1]).items():
        save_png(chart, tmp_path / f"{name}.png")
        assert (tmp_path / f"{name}.png").read_bytes().startswith(b"\x89PNG")


def test_a_label_of_any_signs_is_drawn_as_it_is(tmp_path: Path) -> None:
    label = 'Größe "x", [a.b]: {c} \\ 日本 <b>\''
    chart = top_features([Influence(label, 3.0, Side.FIT)])
    save_json(chart, tmp_path / "chart.vl.json")

    assert rows_of(chart)[0][0]["label"] == label
    assert orjson.loads((tmp_path / "chart.vl.json").read_bytes())["layer"]
