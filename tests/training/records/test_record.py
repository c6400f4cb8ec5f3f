"""A training recorded in a real database of MLflow, read back through MLflow's own client."""

from dataclasses import replace
from math import nan
from pathlib import Path

import orjson
import pytest
from mlflow import MlflowClient

from features.errors import BundleError, StoreError
from serving.model.bundle import bundle_digest
from training.fitting.trees import DEFAULT_TREES
from training.fitting.tuning import Trial
from training.records.record import Tracking, TrainingRecord, record_training
from training.records.registry import Registry


@pytest.fixture
def client(tracking: Tracking) -> MlflowClient:
    return MlflowClient(tracking.uri, tracking.uri)


def files_of(client: MlflowClient, run_id: str, folder: str | None = None) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for each in client.list_artifacts(run_id, folder):
        found |= (
            files_of(client, run_id, each.path)
            if each.is_dir
            else {each.path: Path(client.download_artifacts(run_id, each.path))}
        )
    return found


def test_a_training_becomes_a_version_whose_bundle_comes_back_whole(
    tracking: Tracking, training_record: TrainingRecord, tmp_path: Path
) -> None:
    recorded = record_training(tracking, training_record)

    registry = Registry(tracking.uri, tracking.model_name)
    version = registry.version(recorded.number)
    fetched = registry.download(recorded.number, tmp_path / "fetched")
    assert recorded.number == "1"
    assert version.run_id == recorded.run_id
    assert version.aliases == ()
    assert version.digest == recorded.digest == bundle_digest(training_record.bundle) == bundle_digest(fetched)
    assert version.metrics == pytest.approx(
        {name: training_record.holdout.metrics[name] for name in ("log_loss", "roc_auc")}, rel=1e-5
    )
    assert version.tags["trained_at"] == "2026-03-01T09:30:00+00:00"
    assert {path.name: path.read_text() for path in fetched.iterdir()} == {
        path.name: path.read_text() for path in training_record.bundle.iterdir()
    }


def test_the_run_shows_metrics_with_intervals_beside_those_of_the_baselines(
    tracking: Tracking, training_record: TrainingRecord, client: MlflowClient
) -> None:
    run = client.get_run(record_training(tracking, training_record).run_id)

    holdout, base_rate = training_record.holdout, training_record.baselines["base_rate"]
    low, high = holdout.intervals["brier"]
    assert run.data.metrics["brier"] == holdout.metrics["brier"]
    assert (run.data.metrics["brier.low"], run.data.metrics["brier.high"]) == (low, high)
    assert run.data.metrics["base_rate/log_loss"] == base_rate.metrics["log_loss"]
    assert run.data.metrics["leads"] == 300
    assert run.info.status == "FINISHED"


def test_the_run_says_where_the_model_comes_from(
    tracking: Tracking, training_record: TrainingRecord, client: MlflowClient
) -> None:
    run = client.get_run(record_training(tracking, training_record).run_id)

    said = run.data.params
    assert (said["trees.rounds"], said["horizon_days"], said["library.lightgbm"]) == ("80", "90", "4.7.0")
    assert said["data_hash"] == training_record.data_hash
    assert said["git_commit"] == training_record.git_commit
    assert run.data.tags["mlflow.source.git.commit"] == "a" * 40
    assert run.data.tags["company"] == "Acme"


def test_the_run_holds_documents_and_pictures_and_no_pickle(
    tracking: Tracking, training_record: TrainingRecord, client: MlflowClient
) -> None:
    files = files_of(client, record_training(tracking, training_record).run_id)

    assert sorted(files) == [
        "bundle/checksums.json",
        "bundle/manifest.json",
        "evaluation.json",
        "findings.json",
        "label.json",
        "parameters.json",
        "pictures/top-features.png",
        "pictures/top-features.vl.json",
    ]
    assert orjson.loads(files["evaluation.json"].read_bytes())["holdout"] == training_record.holdout.to_json()
    assert orjson.loads(files["findings.json"].read_bytes())[0]["column"] == "duration"
    assert orjson.loads(files["label.json"].read_bytes()) == training_record.label
    assert orjson.loads(files["parameters.json"].read_bytes())["features"] == ["größe"] * 500


def test_files_lie_beside_the_database_and_nowhere_else(
    tracking: Tracking, training_record: TrainingRecord, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")

    record_training(tracking, training_record)

    assert sorted(path.name for path in (tmp_path / ".leadsift").iterdir()) == ["mlartifacts", "mlflow.db"]
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_second_training_is_the_next_version_and_an_undefined_metric_is_left_out(
    tracking: Tracking, training_record: TrainingRecord, client: MlflowClient
) -> None:
    record_training(tracking, training_record)
    holdout = replace(training_record.holdout, metrics=training_record.holdout.metrics | {"lift_top_tenth": nan})

    recorded = record_training(tracking, replace(training_record, holdout=holdout))

    assert recorded.number == "2"
    assert "lift_top_tenth" not in client.get_run(recorded.run_id).data.metrics


def test_more_parameters_than_one_call_takes_are_all_kept(
    tracking: Tracking, training_record: TrainingRecord, client: MlflowClient
) -> None:
    many = replace(training_record, parameters={f"choice {n}": n for n in range(250)})

    assert client.get_run(record_training(tracking, many).run_id).data.params["choice 249"] == "249"


def test_an_experiment_that_was_deleted_is_taken_up_again(
    tracking: Tracking, training_record: TrainingRecord, client: MlflowClient
) -> None:
    run = client.get_run(record_training(tracking, training_record).run_id)
    client.delete_experiment(run.info.experiment_id)

    assert record_training(tracking, training_record).number == "2"


def test_a_recording_that_fails_leaves_a_failed_run_and_no_version(
    tracking: Tracking, training_record: TrainingRecord, client: MlflowClient
) -> None:
    refused = replace(training_record, parameters={"a name with a *": 1})

    with pytest.raises(StoreError, match=r"MLflow at sqlite:.*Invalid value"):
        record_training(tracking, refused)
    experiment = client.get_experiment_by_name("leadsift")
    assert experiment is not None
    assert [run.info.status for run in client.search_runs([experiment.experiment_id])] == ["FAILED"]
    assert Registry(tracking.uri, tracking.model_name).versions() == ()


def test_a_folder_without_a_bundle_is_refused_before_anything_is_recorded(
    tracking: Tracking, training_record: TrainingRecord, client: MlflowClient, tmp_path: Path
) -> None:
    with pytest.raises(BundleError, match=r"checksums\.json: cannot be read"):
        record_training(tracking, replace(training_record, bundle=tmp_path / "nothing"))
    assert client.get_experiment_by_name("leadsift") is None


def test_tries_of_a_search_are_runs_below_the_trainings(
    client: MlflowClient, tracking: Tracking, training_record: TrainingRecord
) -> None:
    tries = (Trial(DEFAULT_TREES, 0.43, 100), Trial(DEFAULT_TREES.model_copy(update={"depth": 2}), float("nan"), 12))
    recorded = record_training(tracking, replace(training_record, trials=tries))
    experiment = client.get_run(recorded.run_id).info.experiment_id
    below = client.search_runs([experiment], f"tags.mlflow.parentRunId = '{recorded.run_id}'")
    found = {run.data.params["depth"]: run.data for run in below}
    assert (found["3"].params["rounds"], found["3"].metrics) == ("100", {"fold_log_loss": 0.43})
    assert found["2"].metrics == {}
