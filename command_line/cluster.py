"""The options that send work to a cluster, and what they open."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, TypedDict

import typer

if TYPE_CHECKING:
    from distributed import Client

    from serving.score_file import ScoreParts
    from training.material import Read

Scheduler = Annotated[
    str | None, typer.Option(help="Work on the Dask cluster whose scheduler is at this address, tcp://HOST:PORT.")
]
Workers = Annotated[int | None, typer.Option(help="Work on so many processes of this machine.", min=1, max=256)]


@contextmanager
def cluster_of(scheduler: str | None, workers: int | None) -> Iterator["Client | None"]:
    """Open the cluster that the options name; None where they name none.

    Raises BadParameter (wrong usage) where both are given, and DataError where the cluster cannot be used.
    """
    if scheduler is not None and workers is not None:
        raise typer.BadParameter("--scheduler and --workers cannot be given together: a cluster has its own workers")
    if scheduler is None and workers is None:
        yield None
        return
    from training.cluster.connection import local_cluster, remote_cluster

    with remote_cluster(scheduler) if scheduler is not None else local_cluster(workers or 1) as client:
        yield client


def reader_of(client: "Client | None") -> "Read":
    """Give what reads the leads to train on: here, or on the cluster."""
    from training.material import read_here

    if client is None:
        return read_here
    from training.cluster.training import reading_on

    return reading_on(client)


class PartsOn(TypedDict, total=False):
    """Where the parts of a file are scored, and how many they must be at least; left out: here, as few as fit."""

    score_parts: "ScoreParts"
    least_parts: int


def parts_on(client: "Client | None") -> PartsOn:
    """Give what `score_file` is told of where to score."""
    if client is None:
        return {}
    from training.cluster.connection import parts_to_share
    from training.cluster.scoring import scoring_on

    return {"score_parts": scoring_on(client), "least_parts": parts_to_share(client)}
