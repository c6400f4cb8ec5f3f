"""What `leadsift train` does, from the config to a registered version: it only connects the steps."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from features.compute import feature_table
from features.config import Config
from features.labels import label_leads
from features.sources import read_training_tables
from features.tables import Tables
from serving.model.bundle import read_bundle, write_bundle
from serving.model.scoring import ScoringModel
from training.assemble import assemble_trained, golden_rows
from training.charts import model_pictures
from training.deploy import PUBLISHED, publish_champion
from training.influence import feature_influences
from training.person import person
from training.pipeline import Trained, train
from training.promotion import Comparison, Decision, compare, decide
from training.provenance import data_hash, git_commit, library_versions
from training.record import Tracking, TrainingRecord, record_training
from training.registry import Registry
from training.scoring_model import registry_of

Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class TrainingRun:
    """A training and what became of it. `version` is the registry's number."""

    version: str
    decision: Decision
    comparison: Comparison | None
    trained: Trained
    model: ScoringModel

    def to_json(self) -> dict[str, Any]:
        """Give the run as plain JSON values."""
        return {
            "version": self.version,
            "promoted": self.decision.promote,
            "why": self.decision.why,
            "comparison": self.comparison and self.comparison.to_json(),
            "holdout": self.trained.holdout.to_json(),
            "baselines": {name: each.to_json() for name, each in self.trained.baselines.items()},
            "label": self.trained.label_summary,
            "choices": self.trained.fitted.choices,
            "findings": [finding.to_json() for finding in self.trained.findings],
            "seconds": self.trained.timings,
        }


def run_training(config: Config, forced: bool | None, progress: Progress) -> TrainingRun:
    """Train on the config's data, record it, and make it champion when it should be (or when `forced`).

    Raises DataError with all problems of the data, a leak among them; StoreError where MLflow cannot be reached.
    """
    progress("Reading", 0.0)
    tables = read_training_tables(config)
    labels = label_leads(tables, config.label.horizon_days)
    trained = train(tables, labels, config, lambda step, share: progress(step, 0.05 + 0.7 * share))
    model = assemble_trained(config, tables, trained)
    registry = registry_of(config)
    progress("Comparing with the champion", 0.75)
    comparison = _compare_with_champion(registry, tables, trained, config.training.random_state)
    decision = decide(trained.holdout, comparison, forced)
    progress("Recording in MLflow", 0.8)
    version = _record(config, tables, trained, model)
    if decision.promote:
        registry.promote(version, who=person(), why=decision.why)
        publish_champion(registry, config.root / PUBLISHED)
    else:
        registry.set_challenger(version)
    progress("Trained", 1.0)
    return TrainingRun(version, decision, comparison, trained, replace(model, version=version))


def _record(config: Config, tables: Tables, trained: Trained, model: ScoringModel) -> str:
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
            },
            label=trained.label_summary,
            findings=trained.findings,
            pictures=model_pictures(
                trained.holdout.tenths,
                trained.holdout_probabilities,
                trained.holdout_y,
                feature_influences(model, trained.features),
            ),
            data_hash=data_hash(tables),
            git_commit=git_commit(config.root),
            libraries=library_versions(),
        )
        tracking = Tracking(config.mlflow.tracking_uri, config.mlflow.model_name, config.root)
        return record_training(tracking, record).number


def _compare_with_champion(registry: Registry, tables: Tables, trained: Trained, seed: int) -> Comparison | None:
    champion = registry.champion()
    if champion is None:
        return None
    with tempfile.TemporaryDirectory(prefix="leadsift-champion-") as folder:
        model = read_bundle(registry.download(champion.number, Path(folder)), champion.number)
    newer = _newer_than(model, tables, trained)
    leads = tables.leads[trained.holdout_rows[newer]]
    if not _can_score(model, tables):
        leads, newer = leads.clear(), newer[:0]
    champion_p = model.score_table(feature_table(leads, tables.events, model.catalog)).probability
    return compare(champion.number, trained.holdout_y[newer], trained.holdout_probabilities[newer], champion_p, seed)


def _newer_than(champion: ScoringModel, tables: Tables, trained: Trained) -> Any:
    """Say, bool[holdout], which leads of the holdout came after everything the champion learned from."""
    learned = champion.info.training
    if learned.get("newest"):
        moment = datetime.fromisoformat(learned["newest"])
        return (tables.leads["as_of"][trained.holdout_rows] > moment).fill_null(value=False).to_numpy()
    return tables.leads["arrival"][trained.holdout_rows].to_numpy() >= learned["leads_in_order"]


def _can_score(champion: ScoringModel, tables: Tables) -> bool:
    """Say whether the data still has every attribute, of the same kind, that the champion reads."""
    kinds = {attribute.name: attribute.kind for attribute in tables.attributes}
    return all(kinds.get(each.name) is each.kind for each in champion.catalog.attributes)
