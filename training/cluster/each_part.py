"""Does one thing to every partition on the workers of a cluster; a worker that is lost takes nothing with it."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

from distributed import Client, Future, KilledWorker, as_completed
from distributed.comm.core import CommClosedError

from features.errors import DataError
from features.problems import Problem
from features.progress import Progress

Item = TypeVar("Item")
Result = TypeVar("Result")


def on_each_part(
    client: Client, work: Callable[..., Result], parts: Sequence[Item], progress: Progress, step: str, **shared: Any
) -> list[Result]:
    """Give `work(part, **shared)` of each part, in their order.

    What `shared` holds goes to each worker once, and comes from the client again where a worker is lost; so does the
    work that it had begun. Results are to be small: what is large is written into files. A part may be worked on twice,
    so `work` must leave the same files each time, each whole.
    Raises what `work` raised first, and DataError where workers or the scheduler are lost for good.
    """
    held: dict[str, Any] = {name: client.submit(_as_it_is, value, pure=False) for name, value in shared.items()}
    futures = client.map(work, parts, pure=False, **held)
    try:
        with said_plainly():
            for done, future in enumerate(as_completed(futures), start=1):
                _raise_if_failed(future)
                progress(step, done / len(futures))
            return list(client.gather(futures))
    finally:
        client.cancel([*futures, *held.values()])


@contextmanager
def said_plainly() -> Iterator[None]:
    """Raise DataError in place of what Dask raises when it can do no more."""
    try:
        yield
    except KilledWorker as error:
        what = f"was on {error.allowed_failures + 1} workers that were lost one after another"
        remedy = "give each worker more memory, or see in its log why it ended"
        raise DataError([Problem(what, remedy, value=str(error.task))]) from error
    except (CommClosedError, TimeoutError) as error:
        what, remedy = "the connection to the cluster is lost", "start the cluster again, and then this command"
        raise DataError([Problem(what, remedy)]) from error


def _raise_if_failed(future: "Future[Any]") -> None:
    if future.status != "finished":
        future.result()


def _as_it_is(value: Item) -> Item:
    return value
