"""Runs a piece of work in a process of its own and gives its seconds and its peak resident memory."""

import subprocess
import sys
from dataclasses import dataclass

import orjson

_RUNNER = """
import importlib, json, resource, sys, time
module, function, arguments = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])
work = getattr(importlib.import_module(module), function)
started = time.perf_counter()
work(*arguments)
seconds = time.perf_counter() - started
if sys.platform == "linux":  # where ru_maxrss of a child is never less than what its parent held when it started it
    with open("/proc/self/status") as status:
        peak = 1024 * next(int(line.split()[1]) for line in status if line.startswith("VmHWM"))
else:
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
sys.stdout.write("\\n" + json.dumps({"seconds": seconds, "peak_bytes": peak}))
"""


@dataclass(frozen=True)
class Peak:
    """Wall-clock seconds of the work without imports, and the largest resident memory of its process in bytes."""

    seconds: float
    peak_bytes: int


def alone(module: str, function: str, *arguments: str | int | float) -> Peak:
    """Run `module.function(*arguments)` in a fresh interpreter; raises CalledProcessError where it fails."""
    command = [sys.executable, "-c", _RUNNER, module, function, orjson.dumps(arguments).decode()]
    done = subprocess.run(command, check=True, stdout=subprocess.PIPE)  # noqa: S603 - our own modules
    return Peak(**orjson.loads(done.stdout.splitlines()[-1]))
