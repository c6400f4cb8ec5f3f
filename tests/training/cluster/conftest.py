"""A cluster of two processes, started once, and a small company whose leads are cut into several parts."""

import time
from collections.abc import Iterator
from datetime import date

import pytest
from distributed import Client, LocalCluster, Status

from features.config import Config, load_config
from features.partitions import Partitions, partition_training_files
from features.simulation import simulate, write_company
from training.cluster.connection import local_cluster, parts_to_share

LEADS = 1_500


@pytest.fixture(scope="session")
def running(pytestconfig: pytest.Config) -> Iterator[Client]:
    """Give the cluster as it was started; its workers can import the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(pytestconfig.rootpath))
        with local_cluster(2) as client:
            yield client


@pytest.fixture
def cluster(running: Client) -> Client:
    """Give the cluster once both workers are there: a test before may have ended one."""
    assert isinstance(running.cluster, LocalCluster)
    nannies = running.cluster.workers
    running.wait_for_workers(2, timeout=30)
    while not all(nanny.process and nanny.process.status is Status.running for nanny in nannies.values()) or (
        set(running.scheduler_info()["workers"]) != {nanny.worker_address for nanny in nannies.values()}
    ):  # a worker that has ended is known for a while, and one that has begun is not yet
        time.sleep(0.02)
    return running


@pytest.fixture(scope="session")
def config(tmp_path_factory: pytest.TempPathFactory) -> Config:
    folder = tmp_path_factory.mktemp("company")
    write_company(simulate(LEADS, 6, seed=3, end=date(2026, 7, 1)), folder)
    return load_config(folder / "leadsift.toml")


@pytest.fixture(scope="session")
def partitions(config: Config, running: Client, tmp_path_factory: pytest.TempPathFactory) -> Partitions:
    folder = tmp_path_factory.mktemp("shared") / "partitions"
    return partition_training_files(config, folder, said_to_nobody, parts_to_share(running))


def said_to_nobody(step: str, done: float) -> None:
    """Take progress."""
