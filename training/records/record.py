"""One training as a run in MLflow, and its bundle as a version of the registered model: plain files, no pickle.

What a run holds, for people who open it in MLflow's own pages:

    parameters  settings and choices, the hash of the data, the commit, library versions
    metrics     `log_loss`, `log_loss.low`, `log_loss.high` ...; those of a baseline as `base_rate/log_loss`
    artifacts   evaluation.json, label.json, findings.json, parameters.json, promotion.json, pictures/, bundle/;
                model-card.md and model-card.html once the version has a number
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from math import isfinite
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from features.findings import Finding
from serving.model.bundle import bundle_digest
from training.fitting.tuning import Trial
from training.measuring.evaluation import Evaluation
from training.pictures.chart_style import Picture, save_json, save_png
from training.records.provenance import UNKNOWN
from training.records.registry import DIGEST_TAG, METRIC_TAGS, TRAINED_AT_TAG
from training.records.tracking import artifact_location, open_client, said_plainly

if TYPE_CHECKING:
    from mlflow import MlflowClient
    from mlflow.entities import Metric, Run

EXPERIMENT = "leadsift"
BUNDLE_FOLDER = "bundle"

_PARAMETERS_PER_CALL = 100  # MLflow refuses more
_JSON = orjson.OPT_NON_STR_KEYS | orjson.OPT_SERIALIZE_NUMPY
_LONGEST_PARAMETER = 500  # readable in MLflow's tables; parameters.json has all of it


@dataclass(frozen=True)
class Tracking:
    """Where to record: MLflow's address, the registered model's name, and the folder of leadsift.toml."""

    uri: str
    model_name: str
    home: Path


@dataclass(frozen=True)
class TrainingRecord:
    """All that is kept of one training.

    bundle: the folder that `write_bundle` wrote. holdout, baselines: on the newest leads, by name of the baseline.
    parameters: settings and choices, may be nested; plain JSON values. libraries: versions by name.
    pictures: by file name without ending. promotion: what was decided and why; none where nothing was. tags: of both
    the run and the version. source: the command that made it.
    """

    bundle: Path
    trained_at: datetime
    holdout: Evaluation
    baselines: Mapping[str, Evaluation]
    parameters: Mapping[str, Any]
    label: Mapping[str, Any]
    findings: Sequence[Finding]
    pictures: Mapping[str, Picture]
    data_hash: str
    git_commit: str
    libraries: Mapping[str, str]
    tags: Mapping[str, str] = field(default_factory=dict)
    promotion: Mapping[str, Any] = field(default_factory=dict)
    source: str = "leadsift train"
    trials: Sequence[Trial] = ()


@dataclass(frozen=True)
class RecordedVersion:
    """What the registry calls the model now, the run that holds its record, and the digest of its bundle."""

    number: str
    run_id: str
    digest: str


def record_training(tracking: Tracking, record: TrainingRecord) -> RecordedVersion:
    """Record a training and register its bundle as a new version, without promoting it.

    Raises StoreError where MLflow cannot be reached or refuses; the run then is marked as failed, and no version
    was made. Raises BundleError where the bundle's folder holds none.
    """
    digest = bundle_digest(record.bundle)
    client = open_client(tracking.uri)
    with said_plainly(tracking.uri), _run(client, tracking, record) as run:
        _log_numbers(client, run.info.run_id, record)
        _log_files(client, run.info.run_id, record)
        for trial in record.trials:
            _log_trial(client, run, trial)
        number = _register(client, tracking.model_name, run, record, digest)
    return RecordedVersion(number, run.info.run_id, digest)


@contextmanager
def _run(client: "MlflowClient", tracking: Tracking, record: TrainingRecord) -> Iterator["Run"]:
    """Open a run, and close it as finished or, where the work in it fails, as failed."""
    tags = {"mlflow.source.name": record.source, "mlflow.source.type": "PROJECT", **record.tags}
    if record.git_commit != UNKNOWN:
        tags["mlflow.source.git.commit"] = record.git_commit.removesuffix("-dirty")
    name = f"{tracking.model_name} {record.trained_at:%Y-%m-%d %H:%M}"
    run = client.create_run(experiment_id(client, tracking), tags=tags, run_name=name)
    try:
        yield run
    except BaseException:
        client.set_terminated(run.info.run_id, "FAILED")
        raise
    client.set_terminated(run.info.run_id, "FINISHED")


def experiment_id(client: "MlflowClient", tracking: Tracking) -> str:
    """Give MLflow's id of the experiment that holds every run, made or brought back where it is not there."""
    experiment = client.get_experiment_by_name(EXPERIMENT)
    if experiment is None:
        location = artifact_location(tracking.uri, tracking.home)
        _unless_there_already(lambda: client.create_experiment(EXPERIMENT, location))
        experiment = client.get_experiment_by_name(EXPERIMENT)
    assert experiment is not None
    if experiment.lifecycle_stage == "deleted":
        client.restore_experiment(experiment.experiment_id)
    return str(experiment.experiment_id)


def _log_numbers(client: "MlflowClient", run_id: str, record: TrainingRecord) -> None:
    from mlflow.entities import Param  # noqa: PLC0415 - takes seconds, so only where it is used

    libraries = {f"library.{name}": version for name, version in record.libraries.items()}
    origin = {"data_hash": record.data_hash, "git_commit": record.git_commit}
    said = [Param(name, _short(value)) for name, value in flatten({**record.parameters, **origin, **libraries}).items()]
    for start in range(0, len(said), _PARAMETERS_PER_CALL):
        client.log_batch(run_id, params=said[start : start + _PARAMETERS_PER_CALL])
    client.log_batch(run_id, metrics=_metrics(record))


def _metrics(record: TrainingRecord) -> list["Metric"]:
    from mlflow.entities import Metric  # noqa: PLC0415 - takes seconds, so only where it is used

    values = _numbers(record.holdout)
    for name, baseline in record.baselines.items():
        values |= {f"{name}/{metric}": value for metric, value in _numbers(baseline).items()}
    moment = int(record.trained_at.timestamp() * 1000)
    return [Metric(name, value, moment, 0) for name, value in values.items() if isfinite(value)]


def _numbers(evaluation: Evaluation) -> dict[str, float]:
    values: dict[str, float] = {"leads": evaluation.leads, "positives": evaluation.positives, **evaluation.metrics}
    for name, (low, high) in evaluation.intervals.items():
        values |= {f"{name}.low": low, f"{name}.high": high}
    return values


def _log_trial(client: "MlflowClient", run: "Run", trial: Trial) -> None:
    """Log a try of the search as a run below the training's."""
    nested = client.create_run(run.info.experiment_id, tags={"mlflow.parentRunId": run.info.run_id}, run_name="try")
    for name, value in trial.settings.model_dump().items():
        client.log_param(nested.info.run_id, name, value)
    client.log_param(nested.info.run_id, "rounds", trial.rounds)
    if isfinite(trial.loss):
        client.log_metric(nested.info.run_id, "fold_log_loss", trial.loss)
    client.set_terminated(nested.info.run_id, "FINISHED")


def _log_files(client: "MlflowClient", run_id: str, record: TrainingRecord) -> None:
    baselines = {name: baseline.to_json() for name, baseline in record.baselines.items()}
    documents = {
        "evaluation": {"holdout": record.holdout.to_json(), "baselines": baselines},
        "label": record.label,
        "findings": [finding.to_json() for finding in record.findings],
        "parameters": record.parameters,
        **({"promotion": record.promotion} if record.promotion else {}),
    }
    with tempfile.TemporaryDirectory(prefix="leadsift-record-") as name:
        folder = Path(name)
        for document, content in documents.items():
            written = orjson.dumps(content, option=_JSON | orjson.OPT_INDENT_2)
            (folder / f"{document}.json").write_bytes(written)
        (folder / "pictures").mkdir()
        for picture, chart in record.pictures.items():
            save_png(chart, folder / "pictures" / f"{picture}.png")
            save_json(chart, folder / "pictures" / f"{picture}.vl.json")
        client.log_artifacts(run_id, str(folder))
    client.log_artifacts(run_id, str(record.bundle), BUNDLE_FOLDER)


def _register(client: "MlflowClient", name: str, run: "Run", record: TrainingRecord, digest: str) -> str:
    says = "The chance that a lead becomes an SQL, with reasons"
    _unless_there_already(lambda: client.create_registered_model(name, description=says))
    tags = {
        metric: f"{record.holdout.metrics[metric]:.6g}" for metric in METRIC_TAGS if _is_defined(record.holdout, metric)
    }
    version = client.create_model_version(
        name,
        f"{run.info.artifact_uri}/{BUNDLE_FOLDER}",
        run.info.run_id,
        tags={**record.tags, **tags, DIGEST_TAG: digest, TRAINED_AT_TAG: record.trained_at.isoformat()},
        description=_summary(record.holdout),
    )
    return str(version.version)


def _unless_there_already(create: Callable[[], object]) -> None:
    """Make a thing that another training, long ago or at this moment, may have made."""
    from mlflow.exceptions import MlflowException  # noqa: PLC0415 - takes seconds, so only where it is used

    try:
        create()
    except MlflowException as error:
        if error.error_code != "RESOURCE_ALREADY_EXISTS":
            raise


def _summary(holdout: Evaluation) -> str:
    said = []
    for metric in METRIC_TAGS:
        if _is_defined(holdout, metric):
            low, high = holdout.intervals[metric]
            interval = f" ({low:.3f} to {high:.3f})" if isfinite(low) else ""
            said.append(f"{metric.replace('_', ' ')} {holdout.metrics[metric]:.3f}{interval}")
    return f"On the newest {holdout.leads:,} leads: {', '.join(said) or 'nothing to measure by'}"


def _is_defined(holdout: Evaluation, metric: str) -> bool:
    return isfinite(holdout.metrics.get(metric, float("nan")))


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Give nested settings as one level, names joined by dots.

    >>> flatten({"trees": {"rounds": 80, "depth": 3}, "seeds": 3})
    {'trees.rounds': 80, 'trees.depth': 3, 'seeds': 3}
    """
    flat: dict[str, Any] = {}
    for name, value in values.items():
        nested = isinstance(value, Mapping)
        flat |= flatten(value, f"{prefix}{name}.") if nested else {f"{prefix}{name}": value}
    return flat


def _short(value: object) -> str:
    said = value if isinstance(value, str) else orjson.dumps(value, default=str, option=_JSON).decode()
    return said if len(said) <= _LONGEST_PARAMETER else said[: _LONGEST_PARAMETER - 1] + "…"
