"""Has large bodies scored beside the worker, by a process that is started when needed and ended when idle."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from threading import Lock

from features.errors import LeadsiftError
from serving.http.metrics import Metrics
from serving.http.problems import interrupted
from serving.http.scoring_job import Done, Job

IDLE_S = 300.0  # it holds about as much memory as a worker, and is started within a second
PATIENCE_S = 120.0  # for the longest job that the limits of a body allow, many times over


class ScoringFailedError(LeadsiftError):
    """The fault is ours; the message is the traceback, for the log alone."""


class LargeBodies:
    """Hands bodies to the scoring process, one at a time. Call `stop` at the end."""

    def __init__(self, metrics: Metrics, idle_s: float = IDLE_S) -> None:
        self._metrics = metrics
        self._idle_s = idle_s
        self._one_at_a_time = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._connection: Connection | None = None
        self._ending: asyncio.TimerHandle | None = None

    async def score(self, job: Job, pieces: Sequence[bytes]) -> bytes:
        """Give the answer to a body that came in `pieces`.

        Raises ProblemError with what is wrong with it, or where the process ended in the middle; ScoringFailedError.
        """
        if self._ending is not None:
            self._ending.cancel()
        try:
            done, answer = await asyncio.to_thread(self._hand_over, job, pieces)
        finally:
            loop = asyncio.get_running_loop()
            self._ending = loop.call_later(self._idle_s, loop.run_in_executor, None, self.stop)
        if done.problem is not None:
            raise done.problem
        if done.failure is not None:
            raise ScoringFailedError(done.failure)
        self._metrics.count_leads(done.leads, done.unseen, done.missing)
        return answer

    def stop(self) -> None:
        """End the process; the next body starts another one."""
        with self._one_at_a_time:
            self._end()

    def _hand_over(self, job: Job, pieces: Sequence[bytes]) -> tuple[Done, bytes]:
        """Send and receive as one step: a request that is given up must not leave its answer to the next one."""
        with self._one_at_a_time:
            try:
                return _ask(self._connected(), job, pieces)
            except (EOFError, OSError) as error:
                self._end()
                raise interrupted() from error

    def _connected(self) -> Connection:
        if self._process is None or self._connection is None or self._process.poll() is not None:
            self._end()
            self._connection, theirs = Pipe()
            command = [sys.executable, "-m", "serving.http.scoring_process", str(theirs.fileno())]
            self._process = subprocess.Popen(command, pass_fds=[theirs.fileno()])  # noqa: S603 - our own module
            theirs.close()
        return self._connection

    def _end(self) -> None:
        if self._connection is not None:
            self._connection.close()
        if self._process is not None:
            self._process.kill()  # it holds nothing that could be lost
            self._process.wait()
        self._process = self._connection = None


def _ask(connection: Connection, job: Job, pieces: Sequence[bytes]) -> tuple[Done, bytes]:
    connection.send(job)
    for piece in (*filter(None, pieces), b""):
        connection.send_bytes(piece)
    if not connection.poll(PATIENCE_S):
        raise TimeoutError(f"no answer within {PATIENCE_S:.0f} seconds")
    return connection.recv(), connection.recv_bytes()
