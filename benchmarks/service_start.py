"""How soon the service is ready, and the memory that it holds."""

import os
import statistics
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks.row import Row, Way
from benchmarks.running_service import free_port, make_key, running
from benchmarks.sample_model import TREES, SampleModel, make_sample_model

STARTS = 5
SETTLE_S = 3.0
WORKER, SUPERVISOR, WATCHER = "worker that scores", "process that watches over the workers", "watcher of MLflow"


def measure() -> list[Row]:
    """Give the rows: seconds from the start of `leadsift serve` to ready, and resident memory."""
    with TemporaryDirectory(prefix="leadsift-bench-") as name:
        sample = make_sample_model(Path(name))
        make_key(sample.folder)
        compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(sample.folder / "compiled")}
        _start(sample, compiled)  # as after an installation: bytecode is there
        starts = [_start(sample, compiled) for _ in range(STARTS)]
    seconds = statistics.median(seconds for seconds, _ in starts)
    memory = {name: statistics.median(each[name] for _, each in starts) for name in (WORKER, SUPERVISOR, WATCHER)}
    return [
        Row(
            work="start of the service, until it is ready to score",
            unit="seconds",
            ways=(Way("`leadsift serve`", seconds),),
            result=f"{seconds:.1f} s",
            target="under 2 s",
            met=seconds < 2,
            note=f"From the start of the command to 200 from /readyz; median of {STARTS} starts, {TREES} trees.",
        ),
        Row(
            work=f"resident memory with a model of {TREES} trees",
            unit="MB",
            ways=tuple(Way(name, megabytes) for name, megabytes in memory.items()),
            result=f"{memory[WORKER]:.0f} MB a worker",
            target="under 200 MB",
            met=memory[WORKER] < 200,
            note=(
                f"{SETTLE_S:.0f} s after the start. The watcher, one for all workers, reads MLflow's registry; a large "
                "body starts one process more, about the size of a worker, which ends when it has had no work."
            ),
        ),
    ]


def _start(sample: SampleModel, environment: Mapping[str, str]) -> tuple[float, dict[str, float]]:
    """Start the service once; give the seconds until it was ready, and megabytes by process."""
    port = free_port()
    command = [
        sys.executable,
        "-m",
        "leadsift",
        "serve",
        "-c",
        str(sample.folder / "leadsift.toml"),
        "--port",
        str(port),
    ]
    started = time.perf_counter()
    with running(command, f"http://127.0.0.1:{port}/readyz", environment) as process:
        seconds = time.perf_counter() - started
        time.sleep(SETTLE_S)
        found = {SUPERVISOR: _resident_mb(process)}
        for child, words in _children(process):
            if "training.records.watcher" in words:
                found[WATCHER] = _resident_mb(child)
            elif "spawn_main" in words:
                found[WORKER] = _resident_mb(child)
        return seconds, found


def _children(parent: int) -> Iterator[tuple[int, str]]:
    """Give the number and the command of each process that `parent` started (Linux)."""
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and int((entry / "stat").read_text().rpartition(")")[2].split()[1]) == parent:
            yield int(entry.name), (entry / "cmdline").read_text()


def _resident_mb(process: int) -> float:
    pages = int(Path(f"/proc/{process}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
