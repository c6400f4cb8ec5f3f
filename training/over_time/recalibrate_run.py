"""What `leadsift recalibrate` does, from the config to a registered version: it only connects the steps."""

import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from features.config import Config
from features.errors import NoModelError
from features.progress import Progress
from features.sources import read_training_tables
from features.store.audit import Action
from serving.model.bundle import read_bundle, read_parts, write_bundle
from serving.published import PUBLISHED
from training.card.card_files import log_card
from training.champion.noted import note_champion
from training.champion.promotion import Decision, decide
from training.champion.shown_versions import Told, show_versions
from training.over_time.recalibrate import CHAMPION, MODEL, Recalibrated, recalibrate
from training.person import person
from training.pictures.charts import model_pictures
from training.pictures.influence import feature_influences
from training.records.champions import LONGEST_WHY
from training.records.deploy import publish_champion
from training.records.kind_of_run import KIND_TAG
from training.records.provenance import data_hash, git_commit, library_versions
from training.records.record import Tracking, TrainingRecord, record_training
from training.records.registry import Registry
from training.records.scoring_model import registry_of
from training.telling import tell_promoted


@dataclass(frozen=True)
class RecalibrationRun:
    """A recalibration and what became of it. `version` is the registry's number, `derived_from` the old champion's."""

    version: str
    derived_from: str
    decision: Decision
    result: Recalibrated

    def to_json(self) -> dict[str, Any]:
        """Give the run as plain JSON values."""
        return {
            "version": self.version,
            "derived_from": self.derived_from,
            "promoted": self.decision.promote,
            "why": self.decision.why,
            "recalibration": self.result.change.to_json(),
            "comparison": self.result.comparison.to_json(),
            **{name: evaluation.to_json() for name, evaluation in self.result.evaluations.items()},
        }


def run_recalibration(config: Config, forced: bool | None, progress: Progress) -> RecalibrationRun:
    """Recalibrate the champion, record it as a new version, and make that champion when it should be (or `forced`).

    Raises NoModelError where there is no champion; DataError with all problems of the data, or where there are too
    few new outcomes; StoreError where MLflow cannot be reached.
    """
    registry = registry_of(config)
    progress("Fetching the champion", 0.0)
    champion = registry.champion()
    if champion is None:
        raise NoModelError("there is no champion to recalibrate; make one with: leadsift train")
    with tempfile.TemporaryDirectory(prefix="leadsift-recalibration-") as folder:
        bundle = registry.download(champion.number, Path(folder) / "champion")
        model = read_bundle(bundle, champion.number)
        progress("Reading", 0.2)
        tables = read_training_tables(config)
        progress("Recalibrating", 0.4)
        result = recalibrate(model, tables, config)
        decision = decide(result.evaluations[MODEL], result.comparison, forced)
        progress("Recording in MLflow", 0.6)
        written = Path(folder) / "recalibrated"
        write_bundle(result.model, *read_parts(bundle), written)
        version = _record(config, _training_record(config, result, decision, written, data_hash(tables)))
    run = RecalibrationRun(version, champion.number, decision, result)
    _crown(config, registry, run)
    show_versions(config, registry, Told(version, result.evaluations[MODEL].to_json()))
    log_card(registry, version)
    progress("Recalibrated", 1.0)
    return run


def _training_record(
    config: Config, result: Recalibrated, decision: Decision, bundle: Path, fingerprint: str
) -> TrainingRecord:
    derived_from = result.comparison.champion
    decided = "promoted" if decision.promote else "not promoted"
    return TrainingRecord(
        bundle=bundle,
        trained_at=datetime.now(UTC),
        holdout=result.evaluations[MODEL],
        baselines={CHAMPION: result.evaluations[CHAMPION]},
        parameters={"derived_from": derived_from, "recalibration": result.change.to_json()},
        label={"leads": result.change.leads, "sql": result.change.sqls},
        findings=(),
        pictures=model_pictures(
            result.evaluations[MODEL].tenths, result.p, result.y, feature_influences(result.model, result.features)
        ),
        data_hash=fingerprint,
        git_commit=git_commit(config.root),
        libraries=library_versions(),
        tags={
            KIND_TAG: "recalibration",
            "derived_from": derived_from,
            "promotion": decided,
            "promotion.who": person(),
            "promotion.why": decision.why[:LONGEST_WHY],
        },
        promotion={"promoted": decision.promote, "why": decision.why, "comparison": result.comparison.to_json()},
        source="leadsift recalibrate",
    )


def _record(config: Config, record: TrainingRecord) -> str:
    tracking = Tracking(config.mlflow.tracking_uri, config.mlflow.model_name, config.root)
    return record_training(tracking, record).number


def _crown(config: Config, registry: Registry, run: RecalibrationRun) -> None:
    if not run.decision.promote:
        registry.set_challenger(run.version)
        return
    before, best = registry.champion(), registry.best()
    registry.promote(run.version, who=person(), why=run.decision.why)
    note_champion(config, Action.MODEL_PROMOTED, run.version, person(), run.decision.why)
    if run.result.comparison.is_better and (best is None or best.number == run.derived_from):
        registry.set_best(run.version)
    publish_champion(registry, config.root / PUBLISHED)
    tell_promoted(config, before, run.version)
