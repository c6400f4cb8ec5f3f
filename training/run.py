"""What `leadsift train` does, from the config to a registered version: it only connects the steps."""

import tempfile
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from features.config import Config
from features.progress import Progress, share_of
from features.store.audit import Action
from serving.model.bundle import write_bundle
from serving.model.scoring import ScoringModel
from serving.published import PUBLISHED
from training.assemble import assemble_trained, golden_rows
from training.card.card_files import log_card
from training.champion.challenge import Challenge, Newcomer, challenge
from training.champion.learned import learned_period
from training.champion.noted import note_champion
from training.champion.promotion import Decision
from training.champion.shown_versions import Told, show_versions
from training.fitting.tune_trees import tune_trees, with_trees
from training.fitting.tuning import Tuned
from training.known_leads import known_leads
from training.material import BOOSTED_ON, Material, Read, read_here
from training.person import person
from training.pictures.chart_style import Picture
from training.pictures.charts import model_pictures
from training.pictures.influence import feature_influences
from training.pipeline import Trained, train
from training.records.champions import LONGEST_WHY
from training.records.deploy import publish_champion
from training.records.provenance import git_commit, library_versions
from training.records.record import Tracking, TrainingRecord, record_training
from training.records.scoring_model import registry_of
from training.telling import tell_promoted


@dataclass(frozen=True)
class TrainingRun:
    """A training and what became of it. `version` is the registry's number."""

    version: str
    challenge: Challenge
    trained: Trained
    model: ScoringModel

    @property
    def decision(self) -> Decision:
        """Give what was decided, and why."""
        return self.challenge.decision

    def to_json(self) -> dict[str, Any]:
        """Give the run as plain JSON values."""
        return {
            "version": self.version,
            **self.challenge.to_json(),
            "holdout": self.trained.holdout.to_json(),
            "baselines": {name: each.to_json() for name, each in self.trained.baselines.items()},
            "label": self.trained.label_summary,
            "choices": self.trained.fitted.choices,
            "state": self.model.info.training["state"],
            "findings": [finding.to_json() for finding in self.trained.findings],
            "seconds": self.trained.timings,
        }


def run_training(
    config: Config,
    forced: bool | None,
    progress: Progress,
    *,
    tune_minutes: float | None = None,
    because: str | None = None,
    read: Read = read_here,
) -> TrainingRun:
    """Train on the config's data, record it, and make it champion when it should be (or when `forced`).

    With `tune_minutes` the tree settings are searched for first, on the leads that will not be tested on. `because`
    is recorded as what called for this training. `read` gives the leads, and may see to it that the trees are boosted
    elsewhere.
    Raises DataError with all problems of the data, a leak among them; StoreError where MLflow cannot be reached.
    """
    with read(config, share_of(progress, 0.0, 0.05)) as material:
        return _train_on(material, config, forced, progress, tune_minutes=tune_minutes, because=because)


def _train_on(
    material: Material,
    config: Config,
    forced: bool | None,
    progress: Progress,
    *,
    tune_minutes: float | None,
    because: str | None,
) -> TrainingRun:
    tables, labels = material.tables, material.labels
    rows = known_leads(tables.leads, labels.y)
    tuned = None
    if tune_minutes is not None:
        tuned = tune_trees(config, tables, rows, labels.y[rows], minutes=tune_minutes, progress=progress)
        config = with_trees(config, tuned)
    trained = train(tables, labels, config, share_of(progress, 0.05, 0.6))
    trained = material.to_ship(trained, config, share_of(progress, 0.6, 0.75))
    model = _with_period(assemble_trained(config, tables, trained), learned_period(tables.leads, rows))
    registry = registry_of(config)
    progress("Comparing with the champion", 0.75)
    newcomer = Newcomer(tables, rows, trained, model)
    challenged = challenge(registry, newcomer, config, forced, datetime.now(UTC))
    progress("Recording in MLflow", 0.8)
    version = _record(
        config,
        newcomer,
        challenged,
        tuned=tuned,
        tags=_tags(trained, challenged.decision, because),
        data_hash=material.data_hash(),
    )
    if challenged.decision.promote:
        before = registry.champion()
        registry.promote(version, who=person(), why=challenged.decision.why)
        note_champion(config, Action.MODEL_PROMOTED, version, person(), challenged.decision.why)
        if challenged.is_best:
            registry.set_best(version)
        publish_champion(registry, config.root / PUBLISHED)
        tell_promoted(config, before, version)
    else:
        registry.set_challenger(version)
    show_versions(config, registry, Told(version, model.info.quality, challenged.changes))
    progress("Writing the model card", 0.95)
    log_card(registry, version)
    progress("Trained", 1.0)
    return TrainingRun(version, challenged, trained, replace(model, version=version))


def _with_period(model: ScoringModel, period: dict[str, Any]) -> ScoringModel:
    return replace(model, info=replace(model.info, training={**model.info.training, **period}))


def _tags(trained: Trained, decision: Decision, because: str | None) -> dict[str, str]:
    """Give what run and version say in MLflow's lists: of the promotion, what called for the training, and where."""
    decided = "promoted" if decision.promote else "not promoted"
    called_for = {} if because is None else {"training.why": because[:LONGEST_WHY]}
    boosted = trained.fitted.choices.get(BOOSTED_ON)
    where = {} if boosted is None else {"training.boosted_on": f"a Dask cluster of {boosted['workers']} workers"}
    said = {"promotion": decided, "promotion.who": person(), "promotion.why": decision.why[:LONGEST_WHY]}
    return said | called_for | where


def _pictures(trained: Trained, model: ScoringModel) -> dict[str, Picture]:
    """Give the pictures of a learned model; of one that has learned nothing there is nothing to see."""
    if trained.belief is not None:
        return {}
    influences = feature_influences(model, trained.features)
    return model_pictures(trained.holdout.tenths, trained.holdout_probabilities, trained.holdout_y, influences)


def _record(
    config: Config,
    newcomer: Newcomer,
    challenged: Challenge,
    *,
    tuned: Tuned | None,
    tags: dict[str, str],
    data_hash: str,
) -> str:
    trained, model = newcomer.trained, newcomer.model
    with tempfile.TemporaryDirectory(prefix="leadsift-bundle-") as name:
        bundle = Path(name)
        write_bundle(
            model,
            trained.fitted.trees_texts,
            golden_rows(model, trained.features, config.training.random_state),
            bundle,
        )
        record = TrainingRecord(
            bundle=bundle,
            trained_at=model.info.trained_at,
            holdout=trained.holdout,
            baselines=trained.baselines,
            parameters={
                "horizon_days": config.label.horizon_days,
                "training": config.training.model_dump(),
                "features": len(model.catalog.features),
                "columns": len(model.encoder.columns),
                "choices": trained.fitted.choices,
                "excluded_columns": list(config.leads.exclude),
                "allowed_leaks": list(config.leaks.allow),
            },
            label=trained.label_summary,
            findings=trained.findings,
            pictures=_pictures(trained, model),
            data_hash=data_hash,
            git_commit=git_commit(config.root),
            libraries=library_versions(),
            tags=tags,
            promotion=challenged.to_json(),
            trials=() if tuned is None else tuned.trials,
        )
        tracking = Tracking(config.mlflow.tracking_uri, config.mlflow.model_name, config.root)
        return record_training(tracking, record).number
