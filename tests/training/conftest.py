"""A bundle and a record that stand for those of a real training where only their handling is tested."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from features.attributes import Attribute, Kind, Side
from features.catalog import Catalog, Feature
from features.findings import Finding, Severity
from features.primitives import CategoryValue, CountInWindow, NumberValue
from serving.model.encoding import Column, Encoder, Role
from serving.model.evidence import Cell, FeatureEvidence
from serving.model.grades import GradeCuts
from serving.model.linear import LinearPart
from serving.model.scoring import Blend, ModelInfo, ScoringModel
from serving.model.trees import TreesPart
from training.measuring.evaluation import evaluate
from training.pictures.charts import Influence, top_features
from training.records.record import Tracking, TrainingRecord

MakeBundle = Callable[[str], Path]


@pytest.fixture
def make_bundle(tmp_path: Path) -> MakeBundle:
    """Give what makes a folder that looks like a bundle from outside, of the content named."""

    def make(content: str) -> Path:
        folder = tmp_path / f"bundle of {content}"
        folder.mkdir()
        (folder / "manifest.json").write_text(content)
        (folder / "checksums.json").write_text(f"sums of {content}")
        return folder

    return make


@pytest.fixture
def tracking(tracking_uri: str, tmp_path: Path) -> Tracking:
    """Give a fresh place to record in."""
    return Tracking(tracking_uri, "lead-score", tmp_path)


@pytest.fixture
def training_record(make_bundle: MakeBundle) -> TrainingRecord:
    """Give the record of a training on made-up leads."""
    chance = np.random.default_rng(0)
    p = chance.beta(1, 4, 300)
    y = (chance.random(300) < p).astype(np.float64)
    evaluations = evaluate(y, {"model": p, "base_rate": np.full(300, y.mean())}, seed=0)
    return TrainingRecord(
        bundle=make_bundle("the first model"),
        trained_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
        holdout=evaluations["model"],
        baselines={"base_rate": evaluations["base_rate"]},
        parameters={"trees": {"rounds": 80, "depth": 3}, "horizon_days": 90, "features": ["größe"] * 500},
        label={"sql": 61, "rejected": 239, "too_young": 12},
        findings=[Finding("leak", Severity.WARNING, "duration", "knows the outcome: AUC 0.81 alone")],
        pictures={"top-features": top_features([Influence("Sector", 4.2, Side.FIT)])},
        data_hash="0" * 64,
        git_commit="a" * 40 + "-dirty",
        libraries={"lightgbm": "4.7.0"},
        tags={"company": "Acme"},
    )


@pytest.fixture
def tiny_model() -> ScoringModel:
    """Give a model of a category, a number and a count of downloads, made by hand."""
    attributes = (Attribute("sector", Side.FIT, Kind.CATEGORY), Attribute("employees", Side.FIT, Kind.NUMBER))
    catalog = Catalog(
        (
            Feature("sector", Side.FIT, None, CategoryValue()),
            Feature("employees", Side.FIT, None, NumberValue()),
            Feature("events.download.count_30d", Side.ENGAGEMENT, "download", CountInWindow(30)),
        ),
        attributes,
        ("download",),
    )
    columns = (Column(0, Role.LEVEL, "software"), Column(0, Role.OTHER), Column(1, Role.NUMBER), Column(2, Role.NUMBER))
    software, other = Cell("software | <b>SaaS</b>", 300, 90, 12.4), Cell("any other", 80, 4, -31.0)
    return ScoringModel(
        version="7",
        info=ModelInfo(
            trained_at=datetime(2026, 3, 1, 9, 30, tzinfo=UTC),
            horizon_days=90,
            company="Müller & Söhne",
            training={
                "leads": 500,
                "known": 400,
                "sql": 100,
                "not_sql": 300,
                "young": 70,
                "unworked": 30,
                "unknown": 0,
                "learned_from": "2025-01-02T08:00:00+00:00",
                "learned_until": "2025-11-30T17:00:00+00:00",
            },
        ),
        encoder=Encoder(catalog, columns),
        linear=LinearPart(-1.0, np.array([0.9, -1.5, 0.0, 0.25])),
        trees=TreesPart((), 1),
        blend=Blend(0.0, 1.0, 0.0),
        centre=np.array([0.1, 0.0, 0.2]),
        cuts=GradeCuts((14.0, 2.0, -12.0), (9.0, -1.0, -20.5)),
        evidence=(
            FeatureEvidence((), ("software",), (software, other), Cell("not known", 20, 6, -2.0)),
            FeatureEvidence((50.0,), (), (Cell("1 to 50", 200, 50, 0.0), Cell("51 to 900", 200, 50, 0.0)), None),
            FeatureEvidence((0.0,), (), (Cell("0", 375, 80, -5.6), Cell("1 to 9", 25, 20, 22.2)), None),
        ),
    )
