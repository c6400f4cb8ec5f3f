"""Scores large bodies in a process of its own, for one worker, until the worker closes the connection.

    python -m serving.http.scoring_process FILE-DESCRIPTOR

A thread would not do: reading some megabytes of JSON is one call that holds the interpreter's lock for tens of
milliseconds, and no request of the worker would move meanwhile.
"""

import signal
import sys
import traceback
from collections import Counter
from collections.abc import Iterator, Sequence
from multiprocessing.connection import Connection

from serving.http.problems import ProblemError
from serving.http.score_body import score_batch_body, score_lead_body
from serving.http.scorer import Scorer
from serving.http.scoring_job import Done, Job
from serving.model.bundle import read_bundle


class Scoring:
    """Scores jobs; keeps the model of the last one."""

    def __init__(self) -> None:
        self._scorer: Scorer | None = None
        self._leads = 0
        self._unseen: Counter[str] = Counter()
        self._missing: Counter[str] = Counter()

    def work(self, job: Job, body: bytes) -> tuple[Done, bytes]:
        """Give how the job ended, and the answer."""
        self._leads, self._unseen, self._missing = 0, Counter(), Counter()
        score = score_batch_body if job.many else score_lead_body
        try:
            answer = score(self._scorer_of(job), body, job.now)
        except ProblemError as problem:
            return Done(problem=problem), b""
        except Exception:  # the worker logs it, and answers with what tells nothing of the inside
            return Done(failure=traceback.format_exc()), b""
        return Done(leads=self._leads, unseen=dict(self._unseen), missing=dict(self._missing)), answer

    def _scorer_of(self, job: Job) -> Scorer:
        if self._scorer is None or self._scorer.bundle != job.bundle:
            self._scorer = Scorer(read_bundle(job.bundle, job.version), job.zone, self._count, job.bundle)
        return self._scorer

    def _count(self, unseen: Sequence[str], missing: Sequence[str]) -> None:
        self._leads += 1
        self._unseen.update(unseen)
        self._missing.update(missing)


def main() -> None:
    """Work until the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the worker too, which ends this in good order
    connection, scoring = Connection(int(sys.argv[1])), Scoring()
    try:
        while True:
            job = connection.recv()
            done, answer = scoring.work(job, b"".join(_pieces(connection)))
            connection.send(done)
            connection.send_bytes(answer)
    except (EOFError, OSError):  # the worker ended, or wants no more
        return


def _pieces(connection: Connection) -> Iterator[bytes]:
    while piece := connection.recv_bytes():
        yield piece


if __name__ == "__main__":
    main()
