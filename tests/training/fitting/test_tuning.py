"""The search walks forward inside the training leads, goes on where it stopped, and keeps the defaults on a tie."""

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from features.attributes import Attribute, Kind, Side
from features.catalog import build_catalog
from training.fitting.trees import DEFAULT_TREES
from training.fitting.tuning import LEAST_GAIN, Tuned, tune
from training.measuring.metrics import Floats

ATTRIBUTES = [Attribute(name, Side.FIT, Kind.NUMBER) for name in ("size", "age", "visits")]
CATALOG = build_catalog(ATTRIBUTES, [])


def leads(count: int, seed: int) -> tuple[pl.DataFrame, Floats]:
    chance = np.random.default_rng(seed)
    features = pl.DataFrame({attribute.name: chance.normal(size=count) for attribute in ATTRIBUTES})
    log_odds = 1.5 * features["size"].to_numpy() * features["age"].to_numpy() - 0.5
    return features, (chance.random(count) < 1 / (1 + np.exp(-log_odds))).astype(np.float64)


def search(journal: Path, minutes: float = 0.02, count: int = 600) -> Tuned:
    features, y = leads(count, seed=4)
    said: list[str] = []
    return tune(
        features, y, CATALOG, minutes=minutes, journal=journal, seed=0, progress=lambda step, _: said.append(step)
    )


@pytest.fixture(scope="module")
def journal(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("tuning") / "new folder" / "journal.log"


def test_the_defaults_are_tried_first_and_the_best_is_at_least_as_good(journal: Path) -> None:
    tuned = search(journal)
    assert tuned.trials[0].settings == DEFAULT_TREES
    assert tuned.gain >= 0
    if tuned.settings != DEFAULT_TREES:
        best = min(tuned.trials, key=lambda trial: trial.loss)
        assert (tuned.settings, tuned.gain > LEAST_GAIN) == (best.settings, True)


def test_a_second_search_on_the_same_leads_goes_on_from_the_first(journal: Path) -> None:
    before = search(journal, minutes=0)
    after = search(journal, minutes=0.01)
    assert after.trials[: len(before.trials)] == before.trials
    assert len(after.trials) > len(before.trials)


def test_other_leads_start_anew(journal: Path) -> None:
    search(journal, minutes=0)
    assert len(search(journal, minutes=0, count=500).trials) == 1


def test_without_outcomes_to_walk_forward_the_defaults_stay(tmp_path: Path) -> None:
    tuned = search(tmp_path / "journal.log", count=12)
    assert tuned.settings == DEFAULT_TREES
