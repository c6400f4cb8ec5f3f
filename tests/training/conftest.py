"""A bundle and a record that stand for those of a real training where only their handling is tested."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from features.attributes import Side
from features.findings import Finding, Severity
from training.charts import Influence, top_features
from training.evaluation import evaluate
from training.record import Tracking, TrainingRecord

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
