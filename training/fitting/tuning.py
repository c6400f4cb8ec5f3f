"""A bounded search for better tree settings, walking forward inside the training leads; it goes on where it stopped.

The holdout is never seen. The defaults are the first trial, so that the search cannot do worse than they on the folds.
"""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import optuna
import polars as pl
from optuna.storages import JournalStorage
from optuna.storages.journal import JournalFileBackend

from features.catalog import Catalog
from features.config import Trees
from features.progress import Progress
from training.fitting.blend import loss_at_best_level
from training.fitting.encoding import fit_encoder
from training.fitting.fit import ROUNDS
from training.fitting.threads import side_by_side
from training.fitting.trees import DEFAULT_TREES, tree_margins
from training.fitting.walk_forward import Fold, folds, thinned
from training.measuring.metrics import Floats
from training.records.provenance import table_hash

SPACE = "1"  # changes when the space below does: trials of another space are not gone on with
LEAST_GAIN = 0.0005  # of log loss on the folds, below which the defaults stay: less is chance


@dataclass(frozen=True)
class Trial:
    """One try: its settings, the mean log loss over the folds at the best number of rounds, and that number."""

    settings: Trees
    loss: float
    rounds: int


@dataclass(frozen=True)
class Tuned:
    """What a search found: the settings to fit with, and every trial so far, also those of earlier searches."""

    settings: Trees
    trials: tuple[Trial, ...]

    @property
    def gain(self) -> float:
        """Give how much less log loss the best trial has on the folds than the defaults."""
        return self.trials[0].loss - min(trial.loss for trial in self.trials)

    def to_json(self) -> dict[str, Any]:
        """Give the search as plain JSON values."""
        return {"settings": self.settings.model_dump(), "trials": len(self.trials), "gain": self.gain}


@dataclass(frozen=True)
class _FoldData:
    older: Floats
    known: Floats
    newer: Floats
    after: Floats


def tune(
    features: pl.DataFrame, y: Floats, catalog: Catalog, *, minutes: float, journal: Path, seed: int, progress: Progress
) -> Tuned:
    """Search for `minutes` at most on training leads, oldest first (`y` float64[n] of 1 and 0).

    Trials are kept in the file `journal`: a search on the same leads goes on from them. Without enough outcomes of
    each kind to walk forward there is nothing to search by, and the defaults stay.
    """
    rows = thinned(len(y))
    prepared = [_prepare(features[rows], y[rows], catalog, fold) for fold in folds(y[rows])]
    if not prepared:
        return Tuned(DEFAULT_TREES, (Trial(DEFAULT_TREES, float("nan"), ROUNDS[0]),))
    study = _study(journal, f"{SPACE}-{table_hash(features)[:16]}-{seed}", seed)
    ends = time.monotonic() + 60 * minutes
    began = time.monotonic()
    while time.monotonic() < ends or not _finished(study):
        asked = study.ask()
        trial = _try(prepared, _settings(asked), seed)
        asked.set_user_attr("rounds", trial.rounds)
        study.tell(asked, trial.loss)
        share = min(1.0, (time.monotonic() - began) / max(60 * minutes, 1e-9))
        progress(f"Searching: {len(study.trials)} tries, best {study.best_value:.4f}", share)
    return _tuned(study)


def _prepare(features: pl.DataFrame, y: Floats, catalog: Catalog, fold: Fold) -> _FoldData:
    older = features[: fold.start]
    encoder = fit_encoder(older, catalog)
    newer = encoder.encode_table(features[fold.start : fold.end])
    return _FoldData(encoder.encode_table(older), y[: fold.start], newer, y[fold.start : fold.end])


def _study(journal: Path, name: str, seed: int) -> optuna.Study:
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    journal.parent.mkdir(parents=True, exist_ok=True)
    storage = JournalStorage(JournalFileBackend(str(journal)))
    sampler = optuna.samplers.TPESampler(seed=seed)
    study = optuna.create_study(study_name=name, storage=storage, sampler=sampler, load_if_exists=True)
    if not study.trials:
        study.enqueue_trial(DEFAULT_TREES.model_dump())
    return study


def _settings(trial: optuna.Trial) -> Trees:
    return Trees(
        depth=trial.suggest_int("depth", 1, 3),
        learning_rate=trial.suggest_float("learning_rate", 0.02, 0.2, log=True),
        feature_fraction=trial.suggest_float("feature_fraction", 0.1, 1.0),
        bagging_fraction=trial.suggest_float("bagging_fraction", 0.4, 1.0),
        lambda_l2=trial.suggest_float("lambda_l2", 0.1, 100.0, log=True),
        min_leaf=trial.suggest_int("min_leaf", 5, 200, log=True),
    )


def _try(prepared: Sequence[_FoldData], settings: Trees, seed: int) -> Trial:
    """Walk forward with these settings; the level is left free, as what is searched for is the shape."""

    def losses(fold: _FoldData) -> list[float]:
        margins = tree_margins(fold.older, fold.known, fold.newer, ROUNDS, seed, settings=settings)
        return [loss_at_best_level(fold.after, margins[rounds]) for rounds in ROUNDS]

    means = np.mean(side_by_side(losses, prepared), axis=0)
    best = int(means.argmin())
    return Trial(settings, float(means[best]), ROUNDS[best])


def _finished(study: optuna.Study) -> list[optuna.trial.FrozenTrial]:
    return study.get_trials(states=[optuna.trial.TrialState.COMPLETE])


def _tuned(study: optuna.Study) -> Tuned:
    trials = tuple(
        Trial(Trees(**each.params), each.value, each.user_attrs["rounds"])
        for each in _finished(study)
        if each.value is not None
    )
    best = min(trials, key=lambda trial: trial.loss)
    return Tuned(best.settings if trials[0].loss - best.loss > LEAST_GAIN else DEFAULT_TREES, trials)
