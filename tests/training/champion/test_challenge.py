"""A new training against the versions there are: only on leads newer than all that each of them learned from."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from features.config import Config, load_config
from features.labels import label_leads
from features.simulation import simulate, write_company
from features.sources import read_training_tables
from serving.model.bundle import write_bundle
from serving.model.scoring import ScoringModel
from training.assemble import assemble_trained, golden_rows
from training.champion import challenge as module
from training.champion.challenge import Newcomer, challenge
from training.champion.learned import learned_period, newer_than
from training.known_leads import known_leads
from training.pipeline import train
from training.records.registry import Registry, Version

LEADS = 1_500


@dataclass(frozen=True)
class Shelf(Registry):
    """A registry whose versions lie in folders."""

    folders: Mapping[str, Path] = field(default_factory=dict)
    crowned: str | None = None
    finest: str | None = None

    def champion(self) -> Version | None:
        return self._there(self.crowned)

    def best(self) -> Version | None:
        return self._there(self.finest)

    def download(self, name: str, into: Path) -> Path:
        del into
        return self.folders[name]

    def _there(self, number: str | None) -> Version | None:
        return None if number is None else Version(number, datetime.now(UTC), (), {}, {}, "")


@dataclass(frozen=True)
class Trial:
    """A company, its training, and what puts versions of it on a shelf as if trained at other times."""

    config: Config
    newcomer: Newcomer
    folder: Path

    def known_at(self, share: float) -> int:
        """Give how many of the known leads a model has learned from that was trained after that share of them."""
        return round(share * len(self.newcomer.rows))

    def shelve(self, name: str, share: float, **changes: Any) -> Path:
        """Write the newcomer's model as a version that had learned from the oldest share of the leads only."""
        model, tables = self.newcomer.model, self.newcomer.tables
        learned = learned_period(tables.leads, self.newcomer.rows[: self.known_at(share)])
        info = replace(model.info, training=model.info.training | learned, **changes)
        folder = self.folder / f"{name} {share}"
        texts = self.newcomer.trained.fitted.trees_texts
        golden = golden_rows(model, self.newcomer.trained.features, 0)
        write_bundle(replace(model, info=info), texts, golden, folder)
        return folder


@pytest.fixture(scope="module")
def trial(tmp_path_factory: pytest.TempPathFactory) -> Trial:
    folder = tmp_path_factory.mktemp("company")
    write_company(simulate(LEADS, 3, seed=2, end=date(2026, 7, 1)), folder)
    config = load_config(folder / "leadsift.toml")
    tables = read_training_tables(config)
    labels = label_leads(tables, config.label.horizon_days)
    trained = train(tables, labels, config, lambda *_: None)
    rows = known_leads(tables.leads, labels.y)
    return Trial(config, Newcomer(tables, rows, trained, assemble_trained(config, tables, trained)), folder)


def shelf(**versions: Any) -> Shelf:
    return Shelf("", "lead-score", **versions)


NOW = datetime.now(UTC)


def test_without_a_champion_there_is_nothing_to_compare_with(trial: Trial) -> None:
    found = challenge(shelf(), trial.newcomer, trial.config, None, NOW)
    assert found.decision.promote
    assert found.is_best
    assert found.to_json()["comparison"] is found.to_json()["grade_changes"] is None


def test_a_champion_that_learned_from_older_leads_alone_is_compared_on_the_whole_holdout(trial: Trial) -> None:
    registry = shelf(folders={"1": trial.shelve("1", 0.5)}, crowned="1")
    found = challenge(registry, trial.newcomer, trial.config, None, NOW)
    assert found.comparison is not None
    assert found.comparison.leads == trial.newcomer.trained.holdout.leads
    assert found.comparison.sqls == trial.newcomer.trained.holdout.positives
    assert found.changes is not None
    assert found.changes.leads == 1_000


def test_a_champion_that_learned_from_part_of_the_holdout_is_compared_on_the_rest_by_a_fit_of_its_time(
    trial: Trial, monkeypatch: pytest.MonkeyPatch
) -> None:
    fitted_on: list[int] = []

    class Recipe:
        def probabilities(self, features: Any) -> Any:
            return np.full(features.height, 0.2)

    def fit(_features: Any, y: Any, *_: Any) -> Recipe:
        fitted_on.append(len(y))
        return Recipe()

    monkeypatch.setattr(module, "fit_recipe", fit)
    registry = shelf(folders={"1": trial.shelve("1", 0.8)}, crowned="1")
    found = challenge(registry, trial.newcomer, trial.config, None, NOW)
    known = trial.known_at(0.8)
    assert found.comparison is not None
    assert found.comparison.leads == len(trial.newcomer.rows) - known
    assert fitted_on == [known]


def test_a_champion_that_learned_from_all_leads_leaves_none_to_compare_on(trial: Trial) -> None:
    registry = shelf(folders={"1": trial.shelve("1", 1.0)}, crowned="1")
    found = challenge(registry, trial.newcomer, trial.config, None, NOW)
    assert not found.decision.promote
    assert found.decision.why == (
        "too little to compare it with version 1: only 0 leads with 0 SQLs are newer than those it learned from"
    )


def test_the_best_version_is_a_second_yardstick_only_where_it_is_not_the_champion(trial: Trial) -> None:
    folders = {"1": trial.shelve("1", 0.4), "2": trial.shelve("2", 0.5)}
    same = challenge(shelf(folders=folders, crowned="2", finest="2"), trial.newcomer, trial.config, None, NOW)
    other = challenge(shelf(folders=folders, crowned="2", finest="1"), trial.newcomer, trial.config, None, NOW)
    assert same.best is None
    assert other.best is not None
    assert (other.best.champion, other.best.leads) == ("1", trial.newcomer.trained.holdout.leads)


def test_the_age_of_the_champion_counts_from_its_training(trial: Trial) -> None:
    old = trial.shelve("old", 0.5, trained_at=NOW - timedelta(days=120))
    found = challenge(shelf(folders={"1": old}, crowned="1"), trial.newcomer, trial.config, None, NOW)
    assert found.age is not None
    assert (round(found.age.days), found.age.limit, found.age.is_over) == (120, 90, True)


def test_a_champion_that_reads_what_the_data_has_no_more_is_not_compared(trial: Trial) -> None:
    fewer = replace(trial.newcomer.tables, attributes=trial.newcomer.tables.attributes[1:])
    registry = shelf(folders={"1": trial.shelve("1", 0.5)}, crowned="1")
    found = challenge(registry, replace(trial.newcomer, tables=fewer), trial.config, None, NOW)
    assert found.comparison is not None
    assert (found.comparison.leads, found.changes) == (0, None)
    assert not found.decision.promote


def test_a_person_overrules_and_the_comparison_is_kept_all_the_same(trial: Trial) -> None:
    registry = shelf(folders={"1": trial.shelve("1", 0.5)}, crowned="1")
    found = challenge(registry, trial.newcomer, trial.config, True, NOW)
    assert found.decision.promote
    assert found.to_json()["comparison"]["leads"] == trial.newcomer.trained.holdout.leads
    assert found.to_json()["why"] == "asked for by --promote"


def test_no_lead_is_compared_on_that_the_champion_may_have_learned_from(trial: Trial) -> None:
    model: ScoringModel = trial.newcomer.model
    for share in (0.3, 0.5, 0.75, 0.9):
        known = trial.newcomer.rows[: trial.known_at(share)]
        learned = learned_period(trial.newcomer.tables.leads, known)
        then = replace(model, info=replace(model.info, training=learned))
        newer = newer_than(then, trial.newcomer.tables.leads)
        assert not newer[known].any()
        assert newer[trial.newcomer.rows[-1]]
