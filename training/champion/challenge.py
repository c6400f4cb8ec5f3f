"""A new training held against versions that are there already, each on leads newer than all that it learned from."""

import tempfile
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from features.compute import feature_table
from features.config import Config
from features.errors import BundleError
from features.tables import Tables
from serving.model.bundle import read_bundle
from serving.model.scoring import ScoringModel
from training.champion.grade_changes import GradeChanges, grade_changes
from training.champion.learned import newer_than
from training.champion.promotion import (
    FEWEST_LEADS,
    FEWEST_SQLS,
    Age,
    Comparison,
    Decision,
    compare,
    decide,
    decide_replacing,
)
from training.champion.unlearned import decide_unlearned
from training.fitting.fit import fit_recipe
from training.measuring.metrics import Floats
from training.pipeline import Trained, catalog_of
from training.records.registry import Registry, Version

SECONDS_PER_DAY = 86_400


@dataclass(frozen=True)
class Challenge:
    """What the promotion rests on. All but the decision is None where there is no champion yet.

    best: the comparison with the best version so far; None where that is the champion. changes: None where the
    champion reads attributes that the data no longer has.
    """

    decision: Decision
    comparison: Comparison | None = None
    best: Comparison | None = None
    age: Age | None = None
    changes: GradeChanges | None = None

    @property
    def is_best(self) -> bool:
        """Say whether the new version, once champion, is the yardstick for those to come."""
        yardstick = self.best or self.comparison
        return yardstick is None or yardstick.is_better

    def to_json(self) -> dict[str, Any]:
        """Give the challenge as plain JSON values."""
        return {
            "promoted": self.decision.promote,
            "why": self.decision.why,
            "comparison": self.comparison and self.comparison.to_json(),
            "best": self.best and self.best.to_json(),
            "champion_age_days": self.age and self.age.days,
            "grade_changes": self.changes and self.changes.to_json(),
        }


@dataclass(frozen=True)
class Newcomer:
    """A new training that wants to be champion.

    rows: the row of each known lead in `tables.leads`, oldest first. model: what would be served.
    """

    tables: Tables
    rows: NDArray[np.intp]
    trained: Trained
    model: ScoringModel


def challenge(registry: Registry, newcomer: Newcomer, config: Config, forced: bool | None, now: datetime) -> Challenge:
    """Compare the newcomer with the champion and with the best version so far, and decide."""
    champion = registry.champion()
    old = None if champion is None else _fetch_if_readable(registry, champion)
    if newcomer.trained.belief is not None:
        return Challenge(decide_unlearned(old, forced))
    if champion is not None and old is None:
        return Challenge(decide_replacing(champion.number, newcomer.trained.holdout, forced))
    if champion is None or old is None or not old.info.has_learned:
        return Challenge(decide(newcomer.trained.holdout, None, forced))
    comparison = _compare(old, newcomer, config)
    best = _compare_with_best(registry, champion, newcomer, config)
    age = Age((now - old.info.trained_at).total_seconds() / SECONDS_PER_DAY, config.training.champion_max_age_days)
    decision = decide(newcomer.trained.holdout, comparison, forced, best=best, age=age)
    changes = grade_changes(old, newcomer.model, newcomer.tables) if can_score(old, newcomer.tables) else None
    return Challenge(decision, comparison, best, age, changes)


def fetch(registry: Registry, version: Version) -> ScoringModel:
    """Read a version's model from the registry."""
    with tempfile.TemporaryDirectory(prefix="leadsift-version-") as folder:
        return read_bundle(registry.download(version.number, Path(folder)), version.number)


def _fetch_if_readable(registry: Registry, version: Version) -> ScoringModel | None:
    """Read a version's model; None where its bundle is damaged or of an older format: it could not serve either."""
    try:
        return fetch(registry, version)
    except BundleError:
        return None


def can_score(model: ScoringModel, tables: Tables) -> bool:
    """Say whether the data still has every attribute, of the same kind, that the model reads."""
    kinds = {attribute.name: attribute.kind for attribute in tables.attributes}
    return all(kinds.get(each.name) is each.kind for each in model.catalog.attributes)


def _compare_with_best(registry: Registry, champion: Version, newcomer: Newcomer, config: Config) -> Comparison | None:
    best = registry.best()
    if best is None or best.number == champion.number:
        return None
    model = _fetch_if_readable(registry, best)
    return None if model is None else _compare(model, newcomer, config)


def _compare(old: ScoringModel, newcomer: Newcomer, config: Config) -> Comparison:
    """Compare on those leads of the holdout that are newer than all that the old model learned from."""
    tables, trained, rows = newcomer.tables, newcomer.trained, newcomer.rows
    first_newer = len(rows) - int(newer_than(old, tables.leads[rows]).sum()) if can_score(old, tables) else len(rows)
    start = max(first_newer, len(rows) - len(trained.holdout_rows))
    y = trained.y[start:]
    leads = tables.leads[rows[start:]]
    old_p = old.score_table(feature_table(leads, tables.events, old.catalog)).probability
    return compare(old.version, y, _newcomer_p(newcomer, start, config), old_p, config.training.random_state)


def _newcomer_p(newcomer: Newcomer, start: int, config: Config) -> Floats:
    """Predict the known leads from `start` on by the newcomer's recipe, fitted on leads before them.

    The holdout's predictions come from the oldest leads alone. Where the old model learned from newer ones, to hold
    those predictions against its own would punish the newcomer for what it was not shown.
    """
    trained, tables, rows = newcomer.trained, newcomer.tables, newcomer.rows
    cut, y = len(rows) - len(trained.holdout_rows), trained.y[start:]
    if start == cut or len(y) < FEWEST_LEADS or y.sum() < FEWEST_SQLS:
        return trained.holdout_probabilities[start - cut :]
    catalog = catalog_of(tables.leads[rows[:start]], tables)
    features = feature_table(tables.leads[rows], tables.events, catalog)
    return fit_recipe(features[:start], trained.y[:start], catalog, config.training).probabilities(features[start:])
