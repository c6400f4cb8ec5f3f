"""Timing of alternatives that take turns, so that a busy machine is unfair to none of them."""

import statistics
import time
from collections.abc import Callable, Mapping

RUNS = 5


def medians(alternatives: Mapping[str, Callable[[], object]], runs: int = RUNS) -> dict[str, float]:
    """Give the median seconds of each alternative over `runs` rounds; every round runs each of them once."""
    seconds: dict[str, list[float]] = {name: [] for name in alternatives}
    for _ in range(runs):
        for name, run in alternatives.items():
            started = time.perf_counter()
            run()
            seconds[name].append(time.perf_counter() - started)
    return {name: statistics.median(each) for name, each in seconds.items()}
