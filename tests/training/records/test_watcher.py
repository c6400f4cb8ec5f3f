"""The watcher: says each thing once, waits longer after failures, and ends with its parent."""

import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest
from structlog.testing import CapturingLogger

from features.errors import StoreError
from serving.published import Published
from training.records.watcher import LONGEST_WAIT_S, Watcher, life_of, main

FIRST = Published("1", Path("root/1-0000aaaa"), "0000aaaa")
SECOND = Published("2", Path("root/2-0000bbbb"), "0000bbbb")


class Looks:
    """Gives what it was told to, look by look; an error is raised."""

    def __init__(self, *results: Published | Exception | None) -> None:
        self.results = list(results)

    def __call__(self) -> Published | None:
        """Give the next result."""
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result


def watch(*results: Published | Exception | None, every_s: float = 5) -> tuple[list[float], list[tuple[str, str]]]:
    """Give the waits between looks, and what was logged."""
    log = CapturingLogger()
    watcher = Watcher(Looks(*results), log, every_s, answered=lambda: None, follow=lambda _: None)
    waits = [watcher.step() for _ in results]
    return waits, [(call.args[0], str(call.kwargs.get("version", call.kwargs.get("reason")))) for call in log.calls]


def test_a_change_of_champion_is_said_once() -> None:
    waits, said = watch(None, FIRST, FIRST, SECOND, FIRST)

    assert waits == [5, 5, 5, 5, 5]
    assert said == [("champion_published", "1"), ("champion_published", "2"), ("champion_published", "1")]


def test_a_failure_is_said_once_in_one_line_and_the_next_looks_come_later_until_it_ends() -> None:
    failure = StoreError("MLflow is away\nwith a long story")
    waits, said = watch(FIRST, failure, failure, failure, FIRST, failure, every_s=2)

    assert waits == [2, 4, 8, 16, 2, 4]
    assert said == [
        ("champion_published", "1"),
        ("champion_not_published", "MLflow is away"),
        ("champion_published", "1"),
        ("champion_not_published", "MLflow is away"),
    ]


@pytest.mark.parametrize(("every_s", "longest"), [(5, LONGEST_WAIT_S), (3600, 3600)])
def test_the_wait_stays_bounded_through_a_long_outage(every_s: float, longest: float) -> None:
    waits, _ = watch(*[StoreError("away")] * 2000, every_s=every_s)

    assert waits[-1] == longest


def test_each_answer_of_the_registry_is_noted_also_where_there_is_no_champion() -> None:
    noted: list[str] = []
    looks = Looks(None, StoreError("away"), FIRST)
    watcher = Watcher(looks, CapturingLogger(), 5, lambda: noted.append("answered"), lambda _: None)
    seen = []
    for _ in range(3):
        watcher.step()
        seen.append(len(noted))

    assert seen == [1, 1, 2]


def test_nothing_that_goes_wrong_ends_the_watch() -> None:
    _, said = watch(ZeroDivisionError("a mistake of ours"), FIRST)

    assert said == [("champion_not_published", "a mistake of ours"), ("champion_published", "1")]


def test_what_follows_a_look_holds_up_nothing_and_its_failure_is_said_once() -> None:
    log, followed = CapturingLogger(), []

    def follow(published: Published | None) -> None:
        followed.append(published)
        if len(followed) < 3:
            raise StoreError("the store is away\nwith a long story")

    watcher = Watcher(Looks(FIRST, FIRST, StoreError("away"), SECOND), log, 5, lambda: None, follow)
    waits = [watcher.step() for _ in range(4)]

    assert followed == [FIRST, FIRST, SECOND]
    assert waits == [5, 5, 10, 5]
    said = [(call.args[0], call.kwargs.get("reason")) for call in log.calls if "reason" in call.kwargs]
    assert said == [("store_not_followed", "the store is away"), ("champion_not_published", "away")]


def test_a_process_that_ended_is_seen_to_have_ended() -> None:
    child = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
    lives = life_of(child.pid)
    assert lives()
    child.communicate(b"\n")

    assert not lives()
    assert life_of(os.getppid())()
    assert life_of(os.getpid())()


def test_a_watcher_whose_parent_is_gone_ends_at_once(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    address = f"sqlite:///{tmp_path}/mlflow.db"
    where = ["--tracking-uri", address, "--model-name", "lead-score", "--root", str(tmp_path)]

    assert main([*where, "--parent", str(gone.pid)]) == 0


def test_the_log_is_json_lines_on_standard_error_and_mlflow_stays_unloaded(tmp_path: Path) -> None:
    told = (
        "import sys; from training.records.watcher import _json_log;"
        "_json_log().error('champion_not_published', reason='x');"
        "print('mlflow' in sys.modules)"
    )
    ended = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, check=True)

    line = orjson.loads(ended.stderr)
    assert (line["event"], line["level"], line["reason"]) == ("champion_not_published", "error", "x")
    assert ended.stdout.strip() == "False"
    assert list(tmp_path.iterdir()) == []
