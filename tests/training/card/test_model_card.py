"""The model card: its numbers are those of the model, and both renderings show them as they are."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from features.attributes import Side
from serving.model.evidence import Cell, FeatureEvidence
from serving.model.scoring import NOT_ENOUGH_EVIDENCE, ScoringModel
from serving.reports.model.points_cards import MOST_LEVELS
from training.card.card_limits import known_limits
from training.card.card_source import CardSource
from training.card.model_card import ModelCard, model_card
from training.card.model_card_render import card_html, card_markdown
from training.card.points_card import points_cards
from training.measuring.evaluation import evaluate

GOLDEN = Path(__file__).parent / "golden"
MATRIX = [[20, 3, 0, 0], [2, 30, 1, 0], [0, 4, 31, 1], [0, 0, 2, 6]]


def evaluation(leads: int, promised: float, came_true: float) -> dict[str, Any]:
    """Give an evaluation whose numbers are easy to read."""
    tenth = {"leads": leads // 2, "low": came_true - 0.05, "high": came_true + 0.05}
    return {
        "leads": leads,
        "positives": round(leads * came_true),
        "log_loss": 0.4321,
        "roc_auc": 0.8,
        "lift_top_tenth": None,
        "sqls_in_top_30_percent": 0.625,
        "intervals": {
            "log_loss": [0.4, 0.46],
            "roc_auc": [0.75, 0.85],
            "lift_top_tenth": [None, None],
            "sqls_in_top_30_percent": [0.5, 0.75],
        },
        "tenths": [
            {"tenth": 1, "predicted": promised + 0.15, "observed": came_true, **tenth},
            {"tenth": 2, "predicted": promised - 0.15, "observed": came_true, **tenth},
        ],
    }


@pytest.fixture
def source(tiny_model: ScoringModel) -> CardSource:
    grades = {"grades": ["A", "B", "C", "D"], "matrix": MATRIX}
    changes = {
        "from": "6",
        "leads": 100,
        "fit": grades,
        "engagement": {**grades, "grades": ["1", "2", "3", "4"]},
        "golden": {"before": 20, "after": 23, "enter": 5, "leave": 2},
    }
    return CardSource(
        model=tiny_model,
        model_name="lead-score",
        digest="ab" * 32,
        holdout=evaluation(200, 0.25, 0.3),
        baselines={"base_rate": {**evaluation(200, 0.25, 0.3), "roc_auc": 0.5}},
        findings=(
            {"kind": "kind", "severity": "info", "column": "employees", "detail": "is a number"},
            {"kind": "leak", "severity": "warning", "column": "Last | stage", "detail": "alone tells *SQLs* <apart>"},
        ),
        parameters={"excluded_columns": ["Tags", "account_id"], "allowed_leaks": ["euribor3m"]},
        promotion={"promoted": True, "why": "better", "grade_changes": changes},
        origin={"data_hash": "cd" * 32, "lightgbm": "4.7.0"},
        tags={
            "champion.at": "2026-03-01T10:00:00",
            "champion.who": "ann",
            "champion.why": "better",
            "champion.kind": "",
        },
    )


@pytest.fixture
def card(source: CardSource) -> ModelCard:
    return model_card(source)


@pytest.mark.parametrize(("ending", "render"), [("md", card_markdown), ("html", card_html)])
def test_the_card_of_a_small_model_reads_as_the_golden_file(card: ModelCard, ending: str, render: Any) -> None:
    written = GOLDEN / f"model-card.{ending}"
    assert render(card) == written.read_text(encoding="utf-8")


def test_every_feature_that_moves_scores_has_a_card_and_the_others_are_named(source: CardSource) -> None:
    found = model_card(source)
    titles = {feature.title for feature in source.model.catalog.features}
    assert {each.title for each in (*found.cards, *found.idle)} == titles
    assert [each.title for each in found.idle] == ["employees"]
    assert [each.influence for each in found.cards] == sorted((each.influence for each in found.cards), reverse=True)
    assert found.cards[0].side == Side.FIT


def test_a_feature_moves_scores_by_the_mean_distance_of_its_leads(card: ModelCard) -> None:
    sector = card.cards[0]
    assert sector.influence == pytest.approx((300 * 12.4 + 80 * 31.0 + 20 * 2.0) / 400)
    assert [(row.label, row.leads, row.sqls, row.rate, row.points) for row in sector.rows] == [
        ("software | <b>SaaS</b>", "300", "90", "30.0%", "+12"),
        ("any other", "80", "4", "5.0%", "-31"),
        ("not known", "20", "6", "30.0%", "-2"),
    ]
    assert [row.few for row in sector.rows] == [False, False, True]
    assert (sector.rows[1].bar.x, sector.rows[1].bar.width) == (0.0, 50.0)


def test_the_many_levels_of_a_category_are_cut_and_no_lead_is_lost(tiny_model: ScoringModel) -> None:
    counts = [10 * at for at in range(1, 31)]
    levels = tuple(f"level {at}" for at in counts)
    cells = tuple(Cell(level, count, count // 10, 1.0) for level, count in zip(levels, counts, strict=True))
    wide = replace(tiny_model, evidence=(FeatureEvidence((), levels, cells, None), *tiny_model.evidence[1:]))
    (sector,) = (each for each in points_cards(wide) if each.title == "sector")
    assert [row.label for row in sector.rows[:2]] == ["level 300", "level 290"]
    assert sector.rows[-1].label == f"{30 - MOST_LEVELS} rarer values"
    assert sum(int(row.leads.replace(",", "")) for row in sector.rows) == sum(counts)


def test_a_promise_outside_the_interval_is_said_to_be_broken(card: ModelCard) -> None:
    assert [each.held for each in card.tenths] == [False, False]
    assert "Not every promise held" in [limit.title for limit in card.limits]
    assert all(0 <= place <= 100 for each in card.tenths for place in (each.low_at, each.promised_at, each.high_at))


def test_the_first_figure_sets_all_sqls_promised_beside_those_that_came(card: ModelCard) -> None:
    assert card.figures[0].value == "50 : 60"


def test_what_was_only_understood_is_not_a_finding(card: ModelCard) -> None:
    assert [each.column for each in card.findings] == ["Last | stage"]


def test_limits_speak_of_unworked_and_young_leads_only_where_there_are_any(tiny_model: ScoringModel) -> None:
    def titles(**counts: int) -> set[str]:
        info = replace(tiny_model.info, training={"leads": 5_000, "sql": 900, **counts})
        return {limit.title for limit in known_limits(info, {})}

    assert "It knows the leads that sales worked" in titles(unworked=30) - titles(unworked=0)
    assert "It does not know the newest leads" in titles(young=70) - titles(young=0)
    assert "Few SQLs" in titles(sql=150) - titles(sql=200)


def test_a_version_that_was_taken_back_says_who_did_it_and_why_until_it_is_champion_again(source: CardSource) -> None:
    taken = {"taken_back.at": "2026-04-01T10:00:00", "taken_back.who": "ben", "taken_back.why": "complaints"}
    back = model_card(replace(source, tags={**source.tags, **taken}))
    assert (back.status, back.why) == ("taken back", "on 2026-04-01 by ben: complaints")
    again = {"champion.at": "2026-05-01T10:00:00", "champion.kind": "rollback"}
    assert model_card(replace(source, tags={**source.tags, **taken, **again})).status == "champion again"


def test_a_version_without_a_record_still_has_a_card_of_what_its_bundle_holds(tiny_model: ScoringModel) -> None:
    bare = model_card(CardSource(tiny_model, "lead-score", None, {}))
    assert (bare.status, bare.digest, bare.quality, bare.tenths) == ("not promoted", "–", (), ())
    for text in (card_markdown(bare), card_html(bare)):
        assert "What it learned from" in text
        assert not re.search(r"(## |<h2>)Quality", text)


def test_a_recalibrated_version_says_what_it_differs_from(source: CardSource) -> None:
    derived = model_card(replace(source, parameters={"derived_from": "6"}))
    assert derived.lead_in.endswith(" Only its calibration differs from that of version 6.")


def test_a_model_that_has_learned_nothing_says_so_and_no_more_than_it_knows(source: CardSource) -> None:
    info = replace(source.model.info, training={"state": NOT_ENOUGH_EVIDENCE, "leads": 70, "known": 0, "young": 70})
    found = model_card(replace(source, model=replace(source.model, info=info), holdout={}, baselines={}))
    assert [limit.title for limit in found.limits] == ["Nothing is learned yet", "It does not know the newest leads"]
    assert found.period == "none has a known outcome yet"


def test_a_real_evaluation_shows_all_its_metrics(source: CardSource) -> None:
    p = np.random.default_rng(0).beta(1, 4, 400)
    y = (np.random.default_rng(1).random(400) < p).astype(float)
    found = model_card(replace(source, holdout=evaluate(y, {"model": p}, 0)["model"].to_json(), baselines={}))
    assert len(found.quality) == 7
    assert (len(found.tenths), len(found.figures)) == (10, 4)


class Tags(HTMLParser):
    """Collects tags, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.names: set[str] = set()
        self.attributes: set[str] = set()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.ids += [value for name, value in attrs if name == "id" and value]
        self.links += [value for name, value in attrs if name in ("href", "src") and value]
        if tag != "meta":
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def test_the_page_is_whole_runs_no_script_and_needs_nothing_else(card: ModelCard) -> None:
    page = card_html(card)
    found = Tags(page)
    assert found.open == []
    assert {"script", "link", "img", "iframe", "b"} & found.names == {"b"}
    assert not [name for name in found.attributes if name.startswith("on") or name == "style"]
    assert set(found.links) <= {f"#{anchor}" for anchor in found.ids}
    assert "<b>SaaS</b>" not in page
    assert "software | &lt;b&gt;SaaS&lt;/b&gt;" in page


def test_the_pages_policy_allows_its_own_style_and_nothing_else(card: ModelCard) -> None:
    page = card_html(card)
    style = re.search(r"<style>(.*?)</style>", page, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert style is not None
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert policy[1].replace("&#39;", "'").split("; ")[:2] == ["default-src 'none'", f"style-src 'sha256-{digest}'"]


def test_signs_in_names_do_not_break_a_table_of_the_markdown(card: ModelCard) -> None:
    lines = card_markdown(card).splitlines()
    assert r"| software \| \<b\>SaaS\</b\> | 300 | 90 | 30.0% | 25% to 35% | +12 |" in lines
    for above, below in pairwise(lines):
        if above.startswith("|") and below.startswith("|"):
            assert len(re.findall(r"(?<!\\)\|", above)) == len(re.findall(r"(?<!\\)\|", below))
