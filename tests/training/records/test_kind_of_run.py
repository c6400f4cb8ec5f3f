"""A run that is no training says what it is, and how it ended."""

from pathlib import Path

import pytest

from features.errors import StoreError
from training.records.kind_of_run import KIND_TAG, run_of_kind
from training.records.record import Tracking
from training.records.tracking import open_client


@pytest.fixture
def tracking(tracking_uri: str, tmp_path: Path) -> Tracking:
    return Tracking(tracking_uri, "lead-score", tmp_path)


def test_a_run_that_came_to_its_end_is_finished_and_says_its_kind(tracking: Tracking) -> None:
    with run_of_kind(tracking, "drift", "drift of today", {"severity": "warning"}) as (client, run_id):
        pass
    run = client.get_run(run_id)
    assert run.info.status == "FINISHED"
    assert run.info.run_name == "lead-score drift of today"
    assert {run.data.tags[KIND_TAG], run.data.tags["severity"]} == {"drift", "warning"}


def test_a_run_that_was_interrupted_is_failed_and_the_error_goes_on(tracking: Tracking) -> None:
    seen = []

    def interrupted() -> None:
        with run_of_kind(tracking, "drift", "drift") as (_, run_id):
            seen.append(run_id)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert [open_client(tracking.uri).get_run(run_id).info.status for run_id in seen] == ["FAILED"]


def test_a_store_that_cannot_be_reached_is_said_plainly(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    nowhere = Tracking(f"sqlite:///{tmp_path / 'file' / 'mlflow.db'}", "lead-score", tmp_path)
    with pytest.raises(StoreError), run_of_kind(nowhere, "drift", "drift"):
        pass
