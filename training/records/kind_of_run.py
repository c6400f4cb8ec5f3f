"""Runs in MLflow that are not trainings: a backtest, a comparison with the newest leads."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from training.records.record import Tracking, experiment_id
from training.records.tracking import open_client, said_plainly

if TYPE_CHECKING:
    from mlflow import MlflowClient

KIND_TAG = "leadsift.kind"  # tells these runs from trainings in MLflow's lists


@contextmanager
def run_of_kind(
    tracking: Tracking, kind: str, title: str, tags: Mapping[str, str] | None = None
) -> Iterator[tuple["MlflowClient", str]]:
    """Give a client and the id of a new run, which is finished when the block ends, and failed where it raises.

    Raises StoreError where MLflow cannot be reached or refuses.
    """
    client = open_client(tracking.uri)
    own = {"mlflow.source.name": f"leadsift {kind}", "mlflow.source.type": "PROJECT", KIND_TAG: kind}
    with said_plainly(tracking.uri):
        experiment, name = experiment_id(client, tracking), f"{tracking.model_name} {title}"
        run_id = str(client.create_run(experiment, tags=own | dict(tags or {}), run_name=name).info.run_id)
        try:
            yield client, run_id
        except BaseException:
            client.set_terminated(run_id, "FAILED")
            raise
        client.set_terminated(run_id, "FINISHED")
