"""Doing one thing to every part, also when a worker ends in the middle."""

import os
import signal
from pathlib import Path
from typing import cast

import pytest
from distributed import Client, KilledWorker
from distributed.comm.core import CommClosedError
from distributed.scheduler import WorkerState

from features.errors import DataError
from features.problems import Problem
from tests.training.cluster.conftest import said_to_nobody
from training.cluster.each_part import on_each_part, said_plainly


def times(part: int, *, factor: int) -> int:
    return part * factor


def refuse_three(part: int) -> int:
    if part == 3:
        raise DataError([Problem("is not a part", "leave it out", value="3")])
    return part


def end_once(part: int, *, folder: Path) -> tuple[int, int]:
    """End the worker at the fourth part, the first time that it comes up."""
    if part == 3 and not (folder / "ended").exists():
        (folder / "ended").touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return part, part * part


def test_results_come_in_the_order_of_the_parts_and_progress_is_told(cluster: Client) -> None:
    said: list[tuple[str, float]] = []

    assert on_each_part(cluster, times, range(4), lambda *each: said.append(each), "Multiplying", factor=3) == [
        0,
        3,
        6,
        9,
    ]
    assert said == [("Multiplying", share) for share in (0.25, 0.5, 0.75, 1.0)]


def test_what_the_work_raises_is_raised_with_its_problems(cluster: Client) -> None:
    with pytest.raises(DataError, match="'3' is not a part; leave it out") as raised:
        on_each_part(cluster, refuse_three, range(5), said_to_nobody, "Refusing")
    assert raised.value.problems[0].remedy == "leave it out"


def test_a_worker_that_is_killed_in_the_middle_changes_no_result(cluster: Client, tmp_path: Path) -> None:
    done = on_each_part(cluster, end_once, range(8), said_to_nobody, "Squaring", folder=tmp_path)

    assert (tmp_path / "ended").exists()
    assert done == [(part, part * part) for part in range(8)]


@pytest.mark.parametrize(
    ("error", "says"),
    [
        (
            KilledWorker("part-3", cast("WorkerState", None), 3),
            "was on 4 workers that were lost one after another; give each worker more",
        ),
        (CommClosedError("gone"), "the connection to the cluster is lost; start the cluster again"),
    ],
)
def test_what_dask_gives_up_on_is_said_plainly(error: Exception, says: str) -> None:
    with pytest.raises(DataError, match=says), said_plainly():
        raise error
