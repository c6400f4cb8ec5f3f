"""Opens a cluster: processes on this machine, or workers elsewhere behind a scheduler. Workers have one thread each."""

import asyncio
import logging
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import dask.config
from distributed import Client, LocalCluster, WorkerPlugin, rpc

from features.errors import DataError
from features.problems import Problem
from training.records.provenance import library_versions

CONNECT_S, ANSWER_S = 5, 8  # to be reached, and to say who it is: a port of something else may never do so
WORKERS_S = 10  # for the first worker to come
PARTS_A_WORKER = 3  # a worker that is slow, or is lost, holds up the others by a third of its share
LOOPBACK = "127.0.0.1"
ONE_THREAD = {"POLARS_MAX_THREADS": "1", "OMP_NUM_THREADS": "1"}
KEEP_WORKERS = {"distributed.deploy.lost-worker-timeout": "1 day"}  # by default one that is away 15 s after is given up
NOT_OURS = ("mlflow",)  # a worker needs none: the client alone records
START = "start one with: dask scheduler, and workers with: dask worker ADDRESS --nthreads 1"


@contextmanager
def local_cluster(workers: int) -> Iterator[Client]:
    """Start so many worker processes on this machine, reachable from it alone; they end with the block."""
    with (
        dask.config.set({"distributed.nanny.pre-spawn-environ": ONE_THREAD, **KEEP_WORKERS}),
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            processes=True,
            host=LOOPBACK,
            dashboard_address=f"{LOOPBACK}:0",  # without an address they would listen to everybody
            worker_dashboard_address=f"{LOOPBACK}:0",
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        client.register_plugin(_NoOutput())
        yield client


@contextmanager
def remote_cluster(address: str, connect_s: float = CONNECT_S, workers_s: float = WORKERS_S) -> Iterator[Client]:
    """Connect to the scheduler at an address such as tcp://10.0.0.5:8786.

    Raises DataError where no scheduler answers there within `connect_s`, where it has no workers after
    `workers_s`, and where a worker has other versions of what numbers depend on than this machine.
    """
    try:
        asyncio.run(_identity(address, connect_s))
    except (OSError, ValueError, TypeError, MemoryError) as error:  # the last where something else answers
        raise _refused(address, "is not the address of a Dask scheduler that answers", START) from error
    with Client(address, timeout=CONNECT_S) as client:
        _refuse_without_workers(client, address, workers_s)
        refuse_other_versions(_versions(client, address), library_versions())
        yield client


def refuse_other_versions(versions: Mapping[str, Mapping[str, str]], ours: Mapping[str, str]) -> None:
    """Raise DataError where a worker, by its address, has another version of a library than this machine."""
    problems = []
    for worker, theirs in sorted(versions.items()):
        apart = [name for name in sorted(ours) if name not in NOT_OURS and theirs.get(name) != ours[name]]
        if apart:
            said = ", ".join(f"{name} {theirs.get(name)}, here {ours[name]}" for name in apart)
            problems.append(Problem(f"has other versions ({said})", "install the same lock file there", value=worker))
    if problems:
        raise DataError(problems)


def refuse_unshared(client: Client, path: Path) -> None:
    """Raise DataError where a worker does not see `path`: the partitions must lie in a folder that all share."""
    seen = client.run(_sees, str(path))
    blind = sorted(worker for worker, sees in seen.items() if not sees)
    if blind:
        remedy = "put leadsift.toml and the output into a folder that every worker has under the same path"
        raise _refused(", ".join(blind), f"does not see {path}", remedy)


def parts_to_share(client: Client) -> int:
    """Give into how many parts to cut leads, or more, so that all workers have something to do."""
    return PARTS_A_WORKER * len(worker_addresses(client))


def worker_addresses(client: Client) -> frozenset[str]:
    """Give the addresses of the workers there are now."""
    return frozenset(client.scheduler_info(n_workers=-1)["workers"])


async def _identity(address: str, connect_s: float) -> dict[str, Any]:
    async with asyncio.timeout(ANSWER_S), rpc(address, timeout=connect_s) as scheduler:
        said: dict[str, Any] = await scheduler.identity()
        return said


def _refuse_without_workers(client: Client, address: str, patience_s: float) -> None:
    try:
        client.wait_for_workers(1, timeout=patience_s)
    except TimeoutError as error:
        remedy = f"start some with: dask worker {address} --nthreads 1"
        raise _refused(address, "is a scheduler without workers", remedy) from error


def _versions(client: Client, address: str) -> Mapping[str, Mapping[str, str]]:
    try:
        return dict(client.run(library_versions))
    except Exception as error:  # Dask raises no more telling one where a worker cannot import what it is to run
        raise _refused(
            address, f"has workers that cannot run leadsift ({error})", "install it there, as here"
        ) from error


class _NoOutput(WorkerPlugin):
    """Keeps LightGBM on a worker off the standard output that it shares with the command, where results go."""

    name = "leadsift-no-output"

    def setup(self, worker: object) -> None:  # noqa: ARG002 - Dask calls it so
        with Path(os.devnull).open("w") as nowhere:
            os.dup2(nowhere.fileno(), 1)


def _refused(value: str, what: str, remedy: str) -> DataError:
    return DataError([Problem(what, remedy, value=value)])


def _sees(path: str) -> bool:
    return Path(path).exists()
