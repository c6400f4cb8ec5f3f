"""Watches a collective fit, which hangs or fails as a whole when one of its workers is lost, and begins it again."""

from collections.abc import Callable, Set
from concurrent.futures import Future, wait
from threading import Thread
from time import monotonic
from typing import TypeVar

from distributed import Client
from lightgbm.basic import LightGBMError

from features.errors import DataError
from features.problems import Problem
from training.cluster.connection import worker_addresses

ATTEMPTS = 3
LOOK_EVERY_S = 0.5
LONGEST_S = 6 * 3_600.0  # of one attempt: workers that wait for each other for ever look busy
RESTART_S = 30.0

Result = TypeVar("Result")


class _FailedError(Exception):
    """The attempt can come to no end; says why."""


def collective(
    client: Client, fit: Callable[[Client], Result], *, longest_s: float = LONGEST_S, attempts: int = ATTEMPTS
) -> Result:
    """Give `fit(client)`, a fit in which all workers take part; begun anew with the workers left where one is lost.

    What was lost cannot be taken up again by others: LightGBM's workers hold each other's sockets. The workers that
    are left may wait in them for ever, so they are started afresh before the next attempt.
    Raises DataError once `attempts` have failed, each of which may take `longest_s`, and what else `fit` raises.
    """
    why = ""
    for _ in range(attempts):
        workers = worker_addresses(client)
        try:
            return _watch(client, fit, workers, longest_s)
        except _FailedError as error:
            why = str(error)
            _start_afresh(client, workers & worker_addresses(client))
    what = f"boosting on the cluster failed {attempts} times, the last time because {why}"
    raise DataError([Problem(what, "see in the workers' logs why, or train without a cluster")])


def _watch(client: Client, fit: Callable[[Client], Result], workers: Set[str], longest_s: float) -> Result:
    """Run the fit in a thread and look after its workers meanwhile."""
    assert client.scheduler is not None, "a client that is open has a scheduler"
    ends = monotonic() + longest_s
    with Client(client.scheduler.address, set_as_default=False) as own:  # once closed, the fit waits for nothing more
        outcome: Future[Result] = Future()
        Thread(target=_settle, args=(outcome, fit, own), daemon=True).start()
        while not wait([outcome], timeout=LOOK_EVERY_S).done:
            lost = workers - worker_addresses(client)
            if lost:
                raise _FailedError(f"worker {min(lost)} was lost")
            if monotonic() > ends:
                raise _FailedError(f"it was not done after {longest_s:,.0f} s")
        try:
            return outcome.result()
        except Exception as error:
            if isinstance(error, LightGBMError) or workers - worker_addresses(client):
                raise _FailedError(str(error)) from error
            raise


def _start_afresh(client: Client, workers: Set[str]) -> None:
    """End the processes of these workers and wait for new ones in their place, or for any other worker."""
    try:
        client.restart_workers(sorted(workers), timeout=RESTART_S, raise_for_error=False)
    except ValueError as error:
        what, remedy = "a worker that waits for a lost one cannot be started afresh", "start workers with a nanny"
        raise DataError([Problem(what, remedy)]) from error
    except (KeyError, TimeoutError):  # it went by itself meanwhile, or does not come back
        pass
    try:
        client.wait_for_workers(1, timeout=RESTART_S)
    except TimeoutError as error:
        what, remedy = "no worker is left after one was lost", "start the cluster again, and then this command"
        raise DataError([Problem(what, remedy)]) from error


def _settle(outcome: "Future[Result]", fit: Callable[[Client], Result], client: Client) -> None:
    try:
        outcome.set_result(fit(client))
    except BaseException as error:
        outcome.set_exception(error)
