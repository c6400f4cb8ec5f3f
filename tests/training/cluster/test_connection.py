"""Opening a cluster, and saying plainly why one cannot be used."""

import os
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import polars as pl
import psutil
import pytest
from distributed import Client, LocalCluster

from features.errors import DataError
from training.cluster.connection import refuse_other_versions, refuse_unshared, remote_cluster, worker_addresses


@contextmanager
def listening(answer: bytes) -> Iterator[str]:
    """Listen as something else than a scheduler does, which answers whatever it is told."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            connection, _ = server.accept()
            with connection:
                connection.recv(1)
                connection.sendall(answer)

        thread = Thread(target=serve)
        thread.start()
        yield f"tcp://127.0.0.1:{server.getsockname()[1]}"
        thread.join()


def refusal(address: str) -> str:
    with pytest.raises(DataError) as raised, remote_cluster(address, connect_s=0.2, workers_s=0.2):
        pass
    return str(raised.value)


def test_where_nothing_listens_one_line_says_what_to_do() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        address = f"tcp://127.0.0.1:{closed.getsockname()[1]}"

    assert refusal(address) == (
        f"{address!r} is not the address of a Dask scheduler that answers; "
        "start one with: dask scheduler, and workers with: dask worker ADDRESS --nthreads 1"
    )


@pytest.mark.parametrize("address", ["garbage", "foo://127.0.0.1:8786", "tcp://127.0.0.1", "tls://127.0.0.1:8786"])
def test_what_is_no_address_is_refused(address: str) -> None:
    assert refusal(address).startswith(f"{address!r} is not the address of a Dask scheduler that answers; ")


def test_a_port_of_something_else_is_refused() -> None:
    with listening(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n") as address:
        assert refusal(address).startswith(f"{address!r} is not the address of a Dask scheduler that answers; ")


def test_a_scheduler_without_workers_is_refused() -> None:
    with LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0") as empty:
        address = str(empty.scheduler_address)

        assert refusal(address) == (
            f"{address!r} is a scheduler without workers; start some with: dask worker {address} --nthreads 1"
        )


def test_a_cluster_elsewhere_is_worked_on(cluster: Client) -> None:
    with remote_cluster(str(cluster.scheduler_info()["address"])) as client:
        assert worker_addresses(client) == worker_addresses(cluster)
        assert client.submit(sum, [1, 2]).result(timeout=10) == 3


def test_other_versions_on_a_worker_are_named() -> None:
    ours = {"numpy": "2.4.0", "polars": "2.1.0", "mlflow": "3.17.2"}
    theirs = {"tcp://a:1": {"numpy": "2.4.0", "polars": "2.1.0"}, "tcp://b:1": {"numpy": "2.3.0", "polars": "2.1.0"}}

    refuse_other_versions({"tcp://a:1": theirs["tcp://a:1"]}, ours)
    with pytest.raises(DataError) as raised:
        refuse_other_versions(theirs, ours)
    assert str(raised.value) == (
        "'tcp://b:1' has other versions (numpy 2.3.0, here 2.4.0); install the same lock file there"
    )


def test_a_folder_that_workers_do_not_see_is_refused(cluster: Client, tmp_path: Path) -> None:
    refuse_unshared(cluster, tmp_path)
    with pytest.raises(DataError, match=f"does not see {tmp_path / 'elsewhere'}; put leadsift.toml"):
        refuse_unshared(cluster, tmp_path / "elsewhere")


def test_workers_have_one_thread_and_keep_off_our_output_and_the_service(cluster: Client) -> None:
    cluster.run(__import__, "training.cluster.training")
    for modules, threads, goes_nowhere in cluster.run(_state).values():
        assert modules & {"fastapi", "uvicorn", "serving.http", "mlflow"} == set()
        assert threads == 1
        assert goes_nowhere
    assert set(cluster.nthreads().values()) == {1}


def test_a_local_cluster_listens_to_this_machine_alone(cluster: Client) -> None:
    pids = [os.getpid(), *cluster.run(os.getpid).values()]
    listening_at = {
        connection.laddr.ip
        for pid in pids
        for connection in psutil.Process(pid).net_connections("tcp")
        if connection.status == psutil.CONN_LISTEN
    }

    assert listening_at == {"127.0.0.1"}


def _state() -> tuple[set[str], int, bool]:
    return set(sys.modules), pl.thread_pool_size(), os.fstat(1).st_rdev == Path(os.devnull).stat().st_rdev
