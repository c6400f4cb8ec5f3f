"""Runs a process of our own beside the service."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from os import getpid

PATIENCE_S = 12.0  # time enough to finish a call that is under way


@contextmanager
def beside(module: str, arguments: Sequence[str]) -> Iterator[None]:
    """Keep `python -m module ... --parent PID` running while the block runs; then it is told to end, and waited for."""
    command = [sys.executable, "-m", module, *arguments, "--parent", str(getpid())]
    process = subprocess.Popen(command)  # noqa: S603 - our own module, no shell
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(PATIENCE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
